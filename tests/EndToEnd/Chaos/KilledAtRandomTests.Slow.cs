using Npgsql;
using StreamSpace.Client;
using StreamSpace.EndToEnd.Tests.Harness;
using StreamSpace.Testing;
using StreamSpace.Tests.Shared;
using Xunit.Abstractions;

namespace StreamSpace.EndToEnd.Tests.Chaos;

/// <summary>The server is killed at random while sessions launch, freeze, wake and end; afterwards everything must add up.</summary>
[Trait("Category", "Slow")]
public sealed class KilledAtRandomTests(ITestOutputHelper output)
{
    private const int Kills = 50;
    private static readonly string[] Names = ["one", "two", "three"];

    [RequiresFact("local")]
    public async Task Fifty_kills_leave_every_session_where_it_is_wanted_and_nothing_behind()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var settings = new ServerSettings();
        var database = settings.Environment["Database__ConnectionString"] = await TestDatabase.CreateEmptyAsync();
        foreach (var limit in new[] { "UserPerMinute", "AdminPerMinute", "WebPerMinute", "AddressPerMinute", "LoginPerMinute" })
            settings.Environment["RateLimits__" + limit] = "0";
        await using var server = await ServerProcess.StartAsync(settings);
        using var client = await server.LogInAsync();

        using (var enough = new CancellationTokenSource())
        {
            var people = Task.WhenAll(Names.Select((name, i) => PesterAsync(client, name, new Random(seed + i + 1), enough.Token)));
            for (var kill = 0; kill < Kills; kill++)
            {
                await Task.Delay(random.Next(50, 1500));
                await server.KillAsync();
                await server.StartAgainAsync();
            }

            await enough.CancelAsync();
            await people;
        }

        await SettledAsync(client);
        await EveryEventOnceAsync(database);
        await EndAllAsync(client);
        Assert.Empty(await LeftBehind.OfAsync(server.Data));
    }

    // What a person does who clicks without patience. Answers that never came are the point.
    private static async Task PesterAsync(StreamSpaceClient client, string name, Random random, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await (random.Next(6) switch
                {
                    0 or 1 => client.Sessions.CreateAsync(new NewSession { Template = "terminal", Name = name, Runtime = "local" }, ct),
                    2 => client.Sessions.FreezeAsync(name, ct),
                    3 => client.Sessions.HibernateAsync(name, ct),
                    4 => client.Sessions.WakeAsync(name, ct),
                    _ => random.Next(4) == 0 ? client.Sessions.DeleteAsync(name, ct) : Task.CompletedTask,
                });
                await Task.Delay(random.Next(20, 600), ct);
            }
            catch (ClientFailure)
            {
                await Task.Delay(50, CancellationToken.None);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private static async Task SettledAsync(StreamSpaceClient client)
    {
        for (var left = 120; ; left--)
        {
            var sessions = (await client.Sessions.ListAsync(new SessionFilter(), null, 200, CancellationToken.None)).Items;
            var restless = sessions.Where(s => s.Phase != s.State && !(s.Phase == Phases.Failed && s.Reason is { Length: > 0 } && s.Message is { Length: > 0 })).ToList();
            if (restless.Count == 0)
                return;
            if (left == 0)
                Assert.Fail("Not settled: " + string.Join(", ", restless.Select(s => $"{s.Name} wants {s.State} and is {s.Phase}")));
            await Task.Delay(500);
        }
    }

    private static async Task EveryEventOnceAsync(string connectionString)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using var command = database.CreateCommand(
            """
            select s.id::text, count(e.*) filter (where e.type = 'session.created')
            from sessions.sessions s left join kernel.events e on e.subject = 'session:' || s.id::text
            group by s.id having count(e.*) filter (where e.type = 'session.created') <> 1
            """);
        await using var reader = await command.ExecuteReaderAsync();
        var wrong = new List<string>();
        while (await reader.ReadAsync())
            wrong.Add($"{reader.GetString(0)}: created {reader.GetInt64(1)} times in the event log");
        Assert.Empty(wrong);
    }

    private static async Task EndAllAsync(StreamSpaceClient client)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        foreach (var session in (await client.Sessions.ListAsync(new SessionFilter(), null, 200, patience.Token)).Items.Where(s => s.Phase != Phases.Terminated))
        {
            await client.Sessions.DeleteAsync(session.Id, patience.Token);
            await client.UntilAsync(session.Id, [Phases.Terminated], _ => { }, patience.Token);
        }
    }
}

/// <summary>What a session leaves on the machine when it was not ended properly.</summary>
internal static class LeftBehind
{
    /// <summary>Processes that live in a sandbox over this data directory, and folders of sessions in it.</summary>
    public static async Task<IReadOnlyList<string>> OfAsync(string data)
    {
        for (var left = 40; ; left--)
        {
            var found = Processes(data).Concat(Folders(data)).ToList();
            if (found.Count == 0 || left == 0)
                return found;
            await Task.Delay(250);
        }
    }

    private static IEnumerable<string> Processes(string data)
    {
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(p => int.TryParse(Path.GetFileName(p), out _)))
        {
            string mounts, name;
            try
            {
                mounts = File.ReadAllText(Path.Combine(process, "mountinfo"));
                name = File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' ');
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                continue; // gone meanwhile
            }

            if (mounts.Contains(Path.GetFileName(data) + "/local/homes", StringComparison.Ordinal))
                yield return $"process {Path.GetFileName(process)}: {name}";
        }
    }

    private static IEnumerable<string> Folders(string data)
    {
        var sessions = Path.Combine(data, "local", "sessions");
        return Directory.Exists(sessions) ? Directory.EnumerateFileSystemEntries(sessions) : [];
    }
}
