using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using StreamSpace.Kernel;
using StreamSpace.Server.Tests.Walls;
using StreamSpace.Testing;

namespace StreamSpace.Server.Tests.Maps;

/// <summary>The maps that need the running server.</summary>
public sealed partial class MapsTests(MapsServer server) : IClassFixture<MapsServer>
{
    [Fact]
    public void The_map_of_endpoints_is_true()
    {
        var rows =
            from endpoint in server.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            let access = endpoint.Metadata.GetMetadata<EndpointAccess>()
            let handler = endpoint.Metadata.GetMetadata<MethodInfo>()
            from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["*"]
            let route = "/" + endpoint.RoutePattern.RawText?.Trim('/')
            orderby route, method
            select new[]
            {
                method,
                route,
                access switch { null => "nobody", { Anonymous: true } => "anonymous", { Permission: null } => "login", { Permission: var p } => p.Name },
                endpoint.Metadata.GetMetadata<EndpointAudit>()?.Action,
                handler is null ? null : SourceOf.File(handler),
            };
        Golden.Holds("endpoints.md", Golden.Table("Endpoints", "Every route, what it needs, under which action it is audited, and where it is written.", ["method", "route", "needs", "audited as", "file"], rows));
    }

    [Fact]
    public async Task The_map_of_tables_is_true()
    {
        await using var database = NpgsqlDataSource.Create(server.App.Database);
        await using var command = database.CreateCommand(
            """
            select c.table_schema || '.' || c.table_name,
                   string_agg(c.column_name || ' ' || c.udt_name || case when c.is_nullable = 'YES' then '?' else '' end, ', ' order by c.ordinal_position)
            from information_schema.columns c
            join information_schema.tables t using (table_schema, table_name)
            join pg_class k on k.relname = c.table_name and k.relnamespace = c.table_schema::regnamespace
            where c.table_schema not in ('pg_catalog', 'information_schema', 'public') and t.table_type = 'BASE TABLE' and not k.relispartition
            group by 1 order by 1
            """);
        List<string[]> rows = [];
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            rows.Add([reader.GetString(0), reader.GetString(1)]);
        Golden.Holds("tables.md", Golden.Table("Tables", "Every table with its columns; `?` may be null.", ["table", "columns"], rows));
    }

    [Fact]
    public void The_map_of_events_is_true() =>
        Golden.Holds("events.md", Golden.Table("Events", "Every fact in the event log.", ["name", "when", "aliases", "offered to", "record"],
            from entry in EventTypes.All
            orderby entry.Value.Name
            select new[] { entry.Value.Name, entry.Value.When, entry.Value.Aliases, entry.Value.RealtimeOnly ? "realtime only" : "everybody", entry.Key.FullName!["StreamSpace.Contracts.".Length..] }));

    [Fact]
    public void The_map_of_permissions_is_true() =>
        Golden.Holds("permissions.md", Golden.Table("Permissions", "Every permission and the roles that hold it from the start; administrators hold all.", ["permission", "what it allows", "roles"],
            server.App.Services.GetRequiredService<PermissionRegistry>().All.Select(p => new[] { p.Name, p.Sentence, p.HeldBy == Roles.Admin ? "admin" : "admin, " + p.HeldBy.ToString().ToLowerInvariant() })));

    [Fact]
    public void The_map_of_options_is_true() => Golden.Holds("options.md", Golden.Table(
        "Settings", "Every setting. `Section:Name` in appsettings.json is `STREAMSPACE_Section__Name` in the environment.", ["setting", "type", "default", "meaning"], Options().OrderBy(r => r[0], StringComparer.Ordinal)));

    [Fact]
    public void The_map_of_metrics_is_true() => Golden.Holds("metrics.md", Golden.Table(
        "Metrics", "Every instrument that `/metrics` can show.", ["name", "what"],
        from file in House.Sources("src", ".cs")
        from Match match in Instrument().Matches(File.ReadAllText(file))
        orderby match.Groups[1].Value
        select new[] { match.Groups[1].Value, match.Groups[2].Value }));

    [Fact]
    public void The_map_of_errors_is_true()
    {
        var rows =
            from file in House.Sources("src", ".cs")
            from Match match in Code().Matches(File.ReadAllText(file))
            group House.Short(file) by (Code: match.Groups[2].Value, Kind: match.Groups[1].Value) into same
            orderby same.Key.Code, same.Key.Kind
            select new[] { same.Key.Code, same.Key.Kind, string.Join(", ", same.Distinct()) };
        Golden.Holds("errors.md", Golden.Table("Errors", "Every code that an answer's `error.code` can carry, beside `THING_NOT_FOUND` and `VALIDATION_ERROR`.", ["code", "kind", "file"], rows));
    }

    [Fact]
    public async Task The_description_of_the_api_is_true()
    {
        var text = await server.App.Anonymous.GetStringAsync(new Uri("/api/docs/openapi.json", UriKind.Relative));
        var document = JsonNode.Parse(text)!.AsObject();
        document.Remove("servers"); // the address of this very server
        Golden.Holds("openapi.json", document.ToJsonString(new JsonSerializerOptions { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
    }

    private static IEnumerable<string?[]> Options()
    {
        foreach (var file in House.Sources("src", ".cs").Where(f => !House.Short(f).StartsWith("src/Cli/", StringComparison.Ordinal)))
        {
            foreach (Match type in OptionsClass().Matches(File.ReadAllText(file)))
            {
                foreach (Match property in Property().Matches(type.Groups[3].Value))
                    yield return [type.Groups[1].Value + ":" + property.Groups[3].Value, property.Groups[2].Value, property.Groups[4].Value.Trim(), Regex.Replace(property.Groups[1].Value, "<[^>]+>|\\s*///\\s*", m => m.Value.StartsWith('<') ? "" : " ").Trim()];
            }
        }
    }

    // A settings class says its section in its summary: <c>Http</c>.
    [GeneratedRegex(@"<summary>[^\n]*?section <c>([\w:]+)</c>[^\n]*\n(?:///[^\n]*\n)*(?:(?:public|internal) )?sealed (?:class|record) (\w+Options)\b[^\n]*\n\{(.*?)\n\}", RegexOptions.Singleline)]
    private static partial Regex OptionsClass();

    [GeneratedRegex(@"/// <summary>((?:[^\n]|\n\s*///)*?)</summary>\s*(?:\[[^\n]*\]\s*)*public ([\w<>?,\[\] ]+?) (\w+) \{ get;[^}]*\}(?: = ([^;]+);)?")]
    private static partial Regex Property();

    [GeneratedRegex("Create(?:Histogram|Counter|UpDownCounter|ObservableGauge|ObservableCounter|Gauge)(?:<\\w+>)?\\(\\s*\"(\\w+)\"(?:[^\"\\n]*\"[^\"]*\")*?[^\"\\n]*?\"([^\"]{8,})\"")]
    private static partial Regex Instrument();

    [GeneratedRegex("FailureKind\\.(\\w+),\\s*\"([A-Z][A-Z0-9_]+)\"")]
    private static partial Regex Code();
}

/// <summary>One server for all maps.</summary>
public sealed class MapsServer : IAsyncLifetime
{
    public TestApp App { get; private set; } = null!;

    public async Task InitializeAsync() => App = await TestApp.StartAsync();

    public async Task DisposeAsync() => await App.DisposeAsync();
}
