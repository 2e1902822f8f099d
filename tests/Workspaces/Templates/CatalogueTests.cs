using System.Text.Json;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Sessions.Tests;
using static StreamSpace.Sessions.Tests.SessionsBed;

namespace StreamSpace.Templates.Tests;

public sealed class CatalogueTests
{
    private const string Good =
        """
        name: thing
        version: "1"
        display_name: Thing
        description: It does a thing.
        category: Things
        icon: icons/thing.svg
        resources: { cpu: "1", memory: 1Gi, storage: 1Gi, processes: 100 }
        local: { packages: [thing], programs: [thing] }
        """;

    [Fact]
    public void The_catalogue_that_comes_with_streamspace_is_right()
    {
        var catalogue = new Catalogue(Folder());
        Assert.Superset(
            new HashSet<string> { "desktop", "terminal", "firefox", "chromium", "libreoffice-writer", "gimp", "geany" }, catalogue.All.Select(t => t.Facts.Name).ToHashSet());
        Assert.All(catalogue.All, t =>
        {
            Assert.Empty(t.Facts.Runtimes);
            Assert.Matches("^streamspace/[a-z]+:1$", t.Facts.Application.Image!);
            Assert.NotEmpty(t.Facts.Application.LocalPackages);
            Assert.StartsWith("<svg", System.Text.Encoding.UTF8.GetString(t.Icon), StringComparison.Ordinal);
        });
        Assert.True(catalogue.Find("desktop")!.Application.Panel);
        Assert.Empty(catalogue.Find("desktop")!.Application.Command);
        Assert.Equal("firefox-esr", catalogue.Find("firefox")!.Application.Command[0]);
    }

    [Fact]
    public void Its_files_hold_only_what_the_schema_knows()
    {
        using var schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder(), "template.schema.json")));
        var known = schema.RootElement.GetProperty("properties").EnumerateObject().Select(p => p.Name).ToHashSet();
        var written = typeof(TemplateFile).GetProperties().Select(p => string.Concat(p.Name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(c) : c.ToString()))).ToHashSet();
        Assert.Equal(known.Order(), written.Order());
    }

    [Theory]
    [InlineData("name: thing", "name: Thing", "name must be a DNS label")]
    [InlineData("name: thing", "name: other", "name must be the file's name")]
    [InlineData("memory: 1Gi", "memory: 2Gb", "resources.memory must be a size")]
    [InlineData("icon: icons/thing.svg", "icon: ../../etc/passwd", "icon must name an SVG")]
    [InlineData("local: { packages: [thing], programs: [thing] }", "", "at least one of them is required")]
    [InlineData("category: Things", "categori: Things", "categori")]
    [InlineData("version: \"1\"", "version: \"1\"\nversion: \"2\"", "line 3")]
    [InlineData("category: Things", "category: [", "line")]
    [InlineData("category: Things", "category: Things\nidle_timeout: soon", "idle_timeout must be a duration")]
    public void A_wrong_file_stops_the_start_and_says_what_is_wrong(string right, string wrong, string says)
    {
        var folder = Directory.CreateTempSubdirectory("sst-catalog-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "icons"));
            File.WriteAllText(Path.Combine(folder, "icons", "thing.svg"), "<svg/>");
            File.WriteAllText(Path.Combine(folder, "thing.yaml"), Good);
            Assert.Single(new Catalogue(folder).All);
            File.WriteAllText(Path.Combine(folder, "thing.yaml"), Good.Replace(right, wrong, StringComparison.Ordinal));
            var told = Assert.Throws<InvalidOperationException>(() => new Catalogue(folder)).Message;
            Assert.Contains("thing.yaml", told, StringComparison.Ordinal);
            Assert.Contains(says, told, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Templates_are_listed_found_liked_used_and_measured()
    {
        await using var bed = await StartAsync();
        bed.Runtime.Check = a => a.Template == "gimp" ? new Readiness(ReadinessState.Missing, ["gimp"], "sudo apt-get install gimp") : Readiness.Ready;
        using var ada = await bed.App.UserAsync("ada");
        var all = (await GetAsync(ada, "/templates")).GetProperty("items").EnumerateArray().ToArray();
        Assert.True(all.Length >= 7);
        Assert.Equal(all.Select(t => t.GetProperty("display_name").GetString()).Order(StringComparer.OrdinalIgnoreCase), all.Select(t => t.GetProperty("display_name").GetString()));
        Assert.Equal(["chromium", "firefox"], await NamesAsync(ada, "?search=web%20browser"));
        Assert.Equal(["chromium", "firefox"], await NamesAsync(ada, "?category=browsers"));
        Assert.Empty(await NamesAsync(ada, "?favourite=true"));
        Assert.Equal(2, (await GetAsync(ada, "/templates/categories")).GetProperty("items").EnumerateArray().Single(c => c.GetProperty("name").GetString() == "Browsers").GetProperty("count").GetInt32());

        Assert.Equal(204, (await SendAsync(ada, HttpMethod.Put, "/templates/gimp/favourite")).Status);
        Assert.Equal(204, (await SendAsync(ada, HttpMethod.Put, "/templates/gimp/favourite")).Status);
        Assert.Equal(404, (await SendAsync(ada, HttpMethod.Put, "/templates/nope/favourite")).Status);
        Assert.Equal(["gimp"], await NamesAsync(ada, "?favourite=true"));
        Assert.Equal(204, (await SendAsync(ada, HttpMethod.Delete, "/templates/gimp/favourite")).Status);
        Assert.Empty(await NamesAsync(ada, "?favourite=true"));

        var id = (await LaunchAsync(ada, new { template = "geany" })).GetProperty("id").GetString()!;
        await UntilAsync(ada, id, "running");
        await EventuallyAsync(async () => (await GetAsync(ada, "/templates/geany")).GetProperty("start_ms").ValueKind == JsonValueKind.Number, "the start is measured");
        var used = await GetAsync(ada, "/templates/geany");
        Assert.Equal(1, used.GetProperty("launches").GetInt32());
        Assert.Equal(["geany"], await NamesAsync(ada, "?recent=true"));
        using var eve = await bed.App.UserAsync("eve");
        Assert.Empty(await NamesAsync(eve, "?recent=true"));
        Assert.Equal(1, (await GetAsync(eve, "/templates/geany")).GetProperty("launches").GetInt32());

        using var icon = await bed.App.Anonymous.GetAsync("/api/v1/templates/gimp/icon");
        Assert.Equal("image/svg+xml", icon.Content.Headers.ContentType!.MediaType);
        Assert.Contains("sandbox", icon.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    private static async Task<string[]> NamesAsync(HttpClient user, string query) =>
        [.. (await GetAsync(user, "/templates" + query)).GetProperty("items").EnumerateArray().Select(t => t.GetProperty("name").GetString()!)];

    private static string Folder() => Path.Combine(AppContext.BaseDirectory, "catalog");
}
