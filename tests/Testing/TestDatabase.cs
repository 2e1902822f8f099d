using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using StreamSpace.Kernel;

namespace StreamSpace.Testing;

/// <summary>
/// A throw-away PostgreSQL cluster for this test process: made once, migrated once into a template, copied per test.
/// A watchdog shell removes it even when the test process is killed.
/// </summary>
public static class TestDatabase
{
    private static readonly Lazy<Task<EmbeddedPostgres>> Cluster = new(StartAsync);
    private static int number;

    /// <summary>A fresh, migrated database.</summary>
    public static async Task<string> CreateAsync()
    {
        var cluster = await Cluster.Value;
        var name = "t" + Interlocked.Increment(ref number).ToString(CultureInfo.InvariantCulture);
        await ExecuteAsync(cluster, $"create database {name} template migrated strategy wal_log");
        return ConnectionString(cluster, name);
    }

    /// <summary>A fresh database without any table.</summary>
    public static async Task<string> CreateEmptyAsync()
    {
        var cluster = await Cluster.Value;
        var name = "e" + Interlocked.Increment(ref number).ToString(CultureInfo.InvariantCulture);
        await ExecuteAsync(cluster, $"create database {name}");
        return ConnectionString(cluster, name);
    }

    private static async Task<EmbeddedPostgres> StartAsync()
    {
        var root = $"/tmp/sst-{Environment.ProcessId}";
        Directory.CreateDirectory(root);
        // As root the database runs as somebody else, who must be able to pass through.
        File.SetUnixFileMode(root, (UnixFileMode)0b111_101_101);
        var cluster = await EmbeddedPostgres.StartAsync($"{root}/pg", $"{root}/s", CancellationToken.None);
        const string watch = "while kill -0 $0 2>/dev/null; do sleep 1; done; kill -QUIT $(head -1 \"$1/pg/postmaster.pid\") 2>/dev/null; sleep 1; rm -rf \"$1\"";
        using var guard = Process.Start(new ProcessStartInfo("setsid", ["sh", "-c", watch, Environment.ProcessId.ToString(CultureInfo.InvariantCulture), root])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = "/",
        });
        // It need not survive anything, and nobody looks after databases that live for seconds.
        foreach (var setting in (string[])["fsync", "full_page_writes", "synchronous_commit", "autovacuum", "jit"])
            await ExecuteAsync(cluster, $"alter system set {setting} = off");
        await ExecuteAsync(cluster, "alter system set checkpoint_timeout = '1h'");
        await ExecuteAsync(cluster, "alter system set max_wal_size = '8GB'");
        await ExecuteAsync(cluster, "select pg_reload_conf()");
        await ExecuteAsync(cluster, "create database migrated");
        await using (var database = NpgsqlDataSource.Create(ConnectionString(cluster, "migrated")))
            await new Migrator(database, Migrator.Find(StreamSpace.Server.Modules.All()), NullLogger<Migrator>.Instance).UpAsync(CancellationToken.None);
        NpgsqlConnection.ClearAllPools();
        return cluster;
    }

    private static string ConnectionString(EmbeddedPostgres cluster, string name) =>
        new NpgsqlConnectionStringBuilder(cluster.ConnectionString) { Database = name, MaxPoolSize = 30 }.ConnectionString;

    private static async Task ExecuteAsync(EmbeddedPostgres cluster, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(cluster.ConnectionString) { Database = "postgres", Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
