using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using StreamSpace.Kernel;
using StreamSpace.Server.Tests.Walls;

namespace StreamSpace.Server.Tests.Maps;

/// <summary>The model in code and the schema that the migrations made agree, column by column, in both directions.</summary>
public sealed class SchemaTests(MapsServer server) : IClassFixture<MapsServer>
{
    private sealed record Column(string Type, bool Nullable);

    [Fact]
    public async Task Every_models_tables_and_columns_are_those_of_the_migrated_database()
    {
        var actual = await ColumnsAsync();
        var violations = new List<string>();
        foreach (var type in server.App.Services.GetServices<ModuleDbType>().Select(t => t.Type))
        {
            await using var scope = server.App.Services.CreateAsyncScope();
            var db = (ModuleDb)scope.ServiceProvider.GetRequiredService(type);
            violations.AddRange(Compare(db, actual));
        }

        House.Holds(violations);
    }

    [Fact]
    public void Every_module_database_has_the_schema_of_its_module()
    {
        House.Holds(
            from type in server.App.Services.GetServices<ModuleDbType>().Select(t => t.Type)
            let db = (ModuleDb)server.App.Services.CreateScope().ServiceProvider.GetRequiredService(type)
            where !string.Equals(db.Schema, House.ModuleOf(type), StringComparison.OrdinalIgnoreCase)
            select $"{type.Name} keeps schema {db.Schema}");
    }

    [Fact]
    public async Task No_foreign_key_leaves_its_schema()
    {
        await using var database = NpgsqlDataSource.Create(server.App.Database);
        await using var command = database.CreateCommand(
            """
            select conname || ': ' || a.relnamespace::regnamespace::text || '.' || a.relname || ' -> ' || b.relnamespace::regnamespace::text || '.' || b.relname
            from pg_constraint k join pg_class a on a.oid = k.conrelid join pg_class b on b.oid = k.confrelid
            where contype = 'f' and a.relnamespace <> b.relnamespace
            """);
        List<string> found = [];
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            found.Add(reader.GetString(0));
        House.Holds(found);
    }

    private static IEnumerable<string> Compare(ModuleDb db, Dictionary<string, Dictionary<string, Column>> actual)
    {
        foreach (var table in db.GetService<IDesignTimeModel>().Model.GetRelationalModel().Tables)
        {
            var name = $"{table.Schema}.{table.Name}";
            if (!actual.TryGetValue(name, out var columns))
            {
                yield return $"{name}: the model has it, the database does not";
                continue;
            }

            // xmin is PostgreSQL's own: every table has it, no migration makes it.
            foreach (var column in table.Columns.Where(c => c.Name != "xmin"))
            {
                if (!columns.TryGetValue(column.Name, out var there))
                    yield return $"{name}.{column.Name}: the model has it, the database does not";
                else if (Plain(column.StoreType) != there.Type)
                    yield return $"{name}.{column.Name}: {Plain(column.StoreType)} in the model, {there.Type} in the database";
                else if (column.IsNullable != there.Nullable)
                    yield return $"{name}.{column.Name}: may be null {(there.Nullable ? "in the database" : "in the model")} only";
            }

            foreach (var missing in columns.Keys.Except(table.Columns.Select(c => c.Name), StringComparer.Ordinal))
            {
                if (!columns[missing].Type.EndsWith("(generated)", StringComparison.Ordinal))
                    yield return $"{name}.{missing}: the database has it, the model does not";
            }
        }
    }

    private static string Plain(string type) => type switch
    {
        "character varying" => "text",
        _ => type,
    };

    private async Task<Dictionary<string, Dictionary<string, Column>>> ColumnsAsync()
    {
        await using var database = NpgsqlDataSource.Create(server.App.Database);
        await using var command = database.CreateCommand(
            """
            select n.nspname || '.' || c.relname, a.attname, format_type(a.atttypid, a.atttypmod) || case when a.attgenerated <> '' then '(generated)' else '' end, not a.attnotnull
            from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped and n.nspname not in ('pg_catalog', 'information_schema')
            """);
        var tables = new Dictionary<string, Dictionary<string, Column>>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            if (!tables.TryGetValue(reader.GetString(0), out var columns))
                tables[reader.GetString(0)] = columns = new Dictionary<string, Column>(StringComparer.Ordinal);
            columns[reader.GetString(1)] = new Column(reader.GetString(2), reader.GetBoolean(3));
        }

        return tables;
    }
}
