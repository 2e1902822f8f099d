using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Testing;
using static StreamSpace.Sessions.Tests.SessionsBed;

namespace StreamSpace.Sessions.Tests;

/// <summary>
/// A server that dies at any moment, fifty times. Dying is: its runtime calls are abandoned in the middle (the engine goes on with what it was told),
/// every connection to the database is cut by the database, and no new one is let in, so that nothing can be tidied up.
/// </summary>
[Trait("Category", "Slow")]
public sealed class ChaosTests
{
    private const int Kills = 50;
    private static readonly ConcurrentDictionary<int, int> Answers = new();

    [Fact]
    public async Task Killed_fifty_times_in_the_middle_of_everything_every_session_ends_where_it_was_wanted()
    {
        var database = await TestDatabase.CreateAsync();
        await using var outside = NpgsqlDataSource.Create(database);
        var engine = new FakeRuntime { StepTime = TimeSpan.FromMilliseconds(15), ActTime = TimeSpan.FromMilliseconds(10) };
        var dice = new Random(20261121);
        var accepted = new ConcurrentDictionary<string, byte>();
        var buried = new List<Task>();
        string? token = null;

        for (var life = 0; life < Kills; life++)
        {
            var alive = await Life.BeginAsync(life, database, outside, engine, token);
            token ??= alive.Token;
            using var stop = new CancellationTokenSource();
            var people = Task.WhenAll(Enumerable.Range(0, 3).Select(i => WishAsync(alive.Client, accepted, new Random(life * 10 + i), stop.Token)));
            // On a busy machine a life begins slowly: each has the time for some wishes.
            for (var (wait, before) = (0, Answers.Values.Sum()); wait < 500 && Answers.Values.Sum() < before + 4; wait++)
                await Task.Delay(10);
            await Task.Delay(dice.Next(1, 400));
            buried.Add(await alive.KillAsync());
            await stop.CancelAsync();
            await people;
        }

        var last = await Life.BeginAsync(Kills, database, outside, engine, token);
        var ids = accepted.Keys.ToArray();
        Assert.True(ids.Length >= Kills / 4, $"only {ids.Length} launches were accepted: {string.Join(", ", Answers)}\n{string.Join('\n', TestLog.Lines.TakeLast(10))}");
        await EventuallyAsync(async () => await RestlessAsync(outside) == 0, "every session is at rest", seconds: 90);

        // Each ended where it was wanted, or says why not; none that was accepted is lost.
        await using (var read = outside.CreateCommand("select id::text, wanted, phase, reason from sessions.sessions"))
        await using (var rows = await read.ExecuteReaderAsync())
        {
            var seen = new HashSet<string>();
            while (await rows.ReadAsync())
            {
                seen.Add(rows.GetString(0));
                var (wanted, phase) = (rows.GetString(1), rows.GetString(2));
                Assert.True(phase == wanted || (phase == "failed" && !rows.IsDBNull(3)), $"{rows.GetString(0)}: wanted {wanted}, is {phase}");
            }

            Assert.Superset(ids.ToHashSet(), seen);
        }

        // Nothing is left behind: what the engine holds is what the rows say.
        foreach (var (session, has) in engine.States)
        {
            var phase = await ScalarAsync(outside, $"select phase from sessions.sessions where id = '{session}'");
            Assert.True(
                phase switch { "running" => has == RuntimePhase.Running, "frozen" => has == RuntimePhase.Frozen, "hibernated" or "failed" => has == RuntimePhase.Stopped, _ => false },
                $"{session} is {phase}, the engine has {has}");
        }

        // No event is lost or doubled: every change of phase begins where the one before ended, and each life is born and ended once.
        Assert.Equal(0L, await ScalarAsync(outside,
            """
            select count(*) from (
              select data->>'before' as before, lag(data->'now'->>'phase') over (partition by subject order by position) as was from kernel.events where type = 'session.state.changed') c
            where was is not null and was <> before
            """));
        Assert.Equal(0L, await ScalarAsync(outside,
            """
            select count(*) from (select s.id, s.phase, count(*) filter (where e.type = 'session.created') as born, count(*) filter (where e.type = 'session.deleted') as ended
              from sessions.sessions s join kernel.events e on e.subject = 'session:' || s.id group by s.id, s.phase) c
            where born <> 1 or ended <> case when phase = 'terminated' then 1 else 0 end
            """));
        await EventuallyAsync(
            async () => (long)(await ScalarAsync(outside,
                """
                select count(*) from kernel.events e full join sessions.activity a on a.position = e.position
                where (e.position is null or a.position is null) and coalesce(e.type, 'session.') like 'session.%' and e.type not in ('session.progress', 'session.heartbeat', 'session.resources.updated', 'session.viewer.dropped')
                """))! == 0,
            "the history holds every event once");
        Console.WriteLine($"{Kills} kills, {ids.Length} sessions, {await ScalarAsync(outside, "select count(*) from kernel.events")} events");
        buried.Add(await last.KillAsync());
        await Task.WhenAny(Task.WhenAll(buried), Task.Delay(TimeSpan.FromSeconds(60)));
    }

    private static async Task WishAsync(HttpClient user, ConcurrentDictionary<string, byte> accepted, Random dice, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                var ids = accepted.Keys.ToArray();
                if (ids.Length < 12 || dice.Next(6) == 0)
                {
                    using var answer = await user.PostAsJsonAsync("/api/v1/sessions", new { template = "terminal" }, ct);
                    Answers.AddOrUpdate((int)answer.StatusCode, 1, (_, n) => n + 1);
                    if ((int)answer.StatusCode == 201)
                        accepted[(await answer.Content.ReadFromJsonAsync<JsonElement>(ct)).GetProperty("id").GetString()!] = 0;
                    continue;
                }

                var id = ids[dice.Next(ids.Length)];
                var verb = new[] { "freeze", "wake", "hibernate", "start", "restart", "wake", "freeze", "" }[dice.Next(8)];
                using var done = verb.Length == 0 ? await user.DeleteAsync($"/api/v1/sessions/{id}", ct) : await user.PostAsync($"/api/v1/sessions/{id}/{verb}", null, ct);
                Answers.AddOrUpdate((int)done.StatusCode, 1, (_, n) => n + 1);
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
            {
                // The server died in the middle of the request.
            }
        }
    }

    private static async Task<long> RestlessAsync(NpgsqlDataSource database) => (long)(await ScalarAsync(database,
        "select count(*) from sessions.sessions s left join sessions.work w on w.session_id = s.id where w.claimed_by is not null or w.due_at <= now() or (s.phase <> s.wanted and s.phase <> 'failed')"))!;

    private static async Task<object?> ScalarAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>One life of the server.</summary>
    private sealed class Life(TestApp app, HttpClient client, string role, NpgsqlDataSource outside, CancellationTokenSource death)
    {
        public HttpClient Client => client;

        public string Token => client.DefaultRequestHeaders.Authorization!.Parameter!;

        public static async Task<Life> BeginAsync(int number, string database, NpgsqlDataSource outside, FakeRuntime engine, string? token)
        {
            var role = $"life_{new NpgsqlConnectionStringBuilder(database).Database}_{number}";
            await ScalarAsync(outside, $"create role {role} superuser login");
            var death = new CancellationTokenSource();
            var app = await TestApp.StartAsync(options =>
            {
                options.Database = new NpgsqlConnectionStringBuilder(database) { Username = role, MaxPoolSize = 20 }.ConnectionString;
                options.Services = services => services.AddSingleton<ISessionRuntime>(new MortalRuntime(engine, death.Token));
                options.Settings["Sessions:MaxPerUser"] = "0";
            });
            var client = token is null ? await app.AdminAsync() : app.NewClient();
            if (token is not null)
                client.DefaultRequestHeaders.Authorization = new("Bearer", token);
            return new(app, client, role, outside, death);
        }

        /// <summary>Answers the burial, which goes on while the next life begins.</summary>
        public async Task<Task> KillAsync()
        {
            await death.CancelAsync();
            await ScalarAsync(outside, $"alter role {role} nologin; select pg_terminate_backend(pid) from pg_stat_activity where usename = '{role}'");
            return Task.Run(async () => await app.DisposeAsync());
        }
    }
}
