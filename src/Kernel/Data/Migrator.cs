using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace StreamSpace.Kernel;

/// <summary>One SQL file of one module.</summary>
/// <param name="Module">Schema name.</param>
/// <param name="Number">Order within the module.</param>
/// <param name="Name">File name without ending.</param>
/// <param name="Sql">The text.</param>
public sealed record Migration(string Module, int Number, string Name, string Sql);

/// <summary>
/// Brings the schemas up: files <c>Migrations/NNN_name.sql</c>, embedded as <c>migrations/Module/…</c>, in order, each in a
/// transaction of its own, under an advisory lock so that replicas that start together do not collide.
/// </summary>
public sealed partial class Migrator(NpgsqlDataSource database, IReadOnlyList<Migration> known, ILogger<Migrator> log)
{
    private const long Lock = 0x53_54_52_4D_4D_49_47;

    /// <summary>Applies what is missing.</summary>
    /// <exception cref="InvalidOperationException">The database is newer than this program, or an applied file was edited.</exception>
    public async Task UpAsync(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await ExecuteAsync(connection, $"select pg_advisory_lock({Lock})", ct);
        try
        {
            await ExecuteAsync(connection, "create schema if not exists kernel; create table if not exists kernel.migrations(module text, number int, name text not null, sha256 text not null, applied_at timestamptz not null default now(), primary key (module, number))", ct);
            var applied = await AppliedAsync(connection, ct);
            foreach (var migration in known)
            {
                if (applied.TryGetValue((migration.Module, migration.Number), out var hash))
                {
                    if (hash != HashOf(migration))
                        throw new InvalidOperationException($"Migration {migration.Module}/{migration.Name} was edited after it had been applied.");
                    continue;
                }

                await ApplyAsync(connection, migration, ct);
                LogApplied(log, migration.Module, migration.Name);
            }
        }
        finally
        {
            await ExecuteAsync(connection, $"select pg_advisory_unlock({Lock})", CancellationToken.None);
        }
    }

    /// <summary>Every known migration and whether it was applied.</summary>
    public async Task<IReadOnlyList<(Migration Migration, bool Applied)>> StatusAsync(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var exists = new NpgsqlCommand("select to_regclass('kernel.migrations') is not null", connection);
        var applied = (bool)(await exists.ExecuteScalarAsync(ct))! ? await AppliedAsync(connection, ct) : [];
        return [.. known.Select(m => (m, applied.ContainsKey((m.Module, m.Number))))];
    }

    /// <summary>Reads the files embedded in the kernel and in the modules' assemblies; the kernel's come first.</summary>
    public static IReadOnlyList<Migration> Find(IEnumerable<IModule> modules)
    {
        var assemblies = modules.Select(m => m.GetType().Assembly).Prepend(typeof(Migrator).Assembly).Distinct();
        return [.. assemblies.SelectMany(Read).OrderBy(m => m.Module != "kernel").ThenBy(m => m.Module, StringComparer.Ordinal).ThenBy(m => m.Number)];
    }

    private static IEnumerable<Migration> Read(Assembly assembly)
    {
        foreach (var resource in assembly.GetManifestResourceNames())
        {
            if (FileName().Match(resource) is not { Success: true } match)
                continue;
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            var folder = match.Groups["module"].Value.ToLowerInvariant();
            var module = folder.Length == 0 ? "kernel" : folder;
            yield return new(module, int.Parse(match.Groups["number"].ValueSpan), match.Groups["name"].Value, reader.ReadToEnd());
        }
    }

    private static async Task ApplyAsync(NpgsqlConnection connection, Migration migration, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await ExecuteAsync(connection, $"create schema if not exists \"{migration.Module}\"; set local search_path to \"{migration.Module}\", public;\n{migration.Sql}", ct);
        await using var note = new NpgsqlCommand("insert into kernel.migrations(module, number, name, sha256) values ($1, $2, $3, $4)", connection)
        {
            Parameters = { new() { Value = migration.Module }, new() { Value = migration.Number }, new() { Value = migration.Name }, new() { Value = HashOf(migration) } },
        };
        await note.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }

    private static async Task<Dictionary<(string Module, int Number), string>> AppliedAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var applied = new Dictionary<(string, int), string>();
        await using var command = new NpgsqlCommand("select module, number, sha256 from kernel.migrations", connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            applied[(reader.GetString(0), reader.GetInt32(1))] = reader.GetString(2);
        return applied;
    }

    private static string HashOf(Migration migration) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(migration.Sql)));

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        await command.ExecuteNonQueryAsync(ct);
    }

    [GeneratedRegex(@"^migrations/(?:(?<module>(?!Migrations/)[A-Za-z]+)/)?(?:Migrations/)?(?<name>(?<number>\d{3})_\w+)\.sql$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FileName();

    [LoggerMessage(Level = LogLevel.Information, Message = "Applied migration {Module}/{Name}")]
    private static partial void LogApplied(ILogger log, string module, string name);
}
