using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using StreamSpace.Client;
using StreamSpace.Testing;

namespace StreamSpace.Bench.Sessions;

/// <summary>Ten thousand sessions: what resting costs, and what a page costs while five hundred of them change each minute.</summary>
internal static class ListBench
{
    private const int Many = 10_000;

    public static async Task RunAsync(Report report, int n, CancellationToken ct)
    {
        var runtime = new FakeRuntime();
        await using var app = await Bed.StartAsync(runtime);
        using var client = await Bed.LogInAsync(app);
        using var admin = await app.AdminAsync();
        var session = await client.Sessions.CreateAsync(new NewSession { Template = "terminal", Name = "s0", IdleTimeout = "8h", FreezeAfter = "4h" }, ct);
        await client.UntilAsync(session.Id, [Phases.Running], _ => { }, ct);
        await Task.Delay(TimeSpan.FromSeconds(5), ct);
        var alone = await IdleAsync(TimeSpan.FromSeconds(10), ct);
        var ids = await MultiplyAsync(app, runtime, Guid.Parse(session.Id), ct);
        await Task.Delay(TimeSpan.FromSeconds(5), ct);
        var idle = await IdleAsync(TimeSpan.FromSeconds(30), ct);
        report.Add($"processor of the whole server while {Many} sessions run and nobody is there", Percent(idle), "<= 2 % of a core", idle.Server <= 2);
        report.Add("the same with one session", Percent(alone));

        using var enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var churning = ChurnAsync(admin, ids, enough.Token);
        Samples all = new(), next = new(), own = new();
        using var somebody = await app.UserAsync("somebody");
        for (var i = 0; i < 60; i++)
            await somebody.PostAsJsonAsync("/api/v1/sessions", new { template = "terminal" }, ct);
        var cursor = "";
        for (var i = -40; i < 15 * n; i++)
        {
            var (first, after) = await PageAsync(admin, "", ct);
            var (second, _) = await PageAsync(admin, cursor = i % 100 == 0 ? after : cursor, ct);
            var (third, _) = await PageAsync(somebody, "", ct);
            if (i >= 0)
            {
                all.Add(first);
                next.Add(second);
                own.Add(third);
            }

            await Task.Delay(40, ct);
        }

        await enough.CancelAsync();
        var (changed, refused, seconds) = await churning;
        report.Add($"administrator's GET /sessions (50 of {Many}), {60 * changed / seconds:0} changing per minute ({refused} refused)", all.Text("0.0"), "p99 <= 20 ms", all.P99 <= 20);
        report.Add("the page after it", next.Text("0.0"), "p99 <= 20 ms", next.P99 <= 20);
        report.Add("a person's own GET /sessions (50 of 60) beside it", own.Text("0.0"), "p99 <= 20 ms", own.P99 <= 20);
    }

    private static async Task<(double Took, string Next)> PageAsync(HttpClient user, string cursor, CancellationToken ct)
    {
        var asked = Stopwatch.GetTimestamp();
        using var answer = await user.GetAsync(new Uri("/api/v1/sessions?limit=50" + (cursor.Length > 0 ? "&cursor=" + cursor : ""), UriKind.Relative), ct);
        answer.EnsureSuccessStatusCode();
        var body = await answer.Content.ReadAsByteArrayAsync(ct);
        var took = Stopwatch.GetElapsedTime(asked).TotalMilliseconds;
        using var page = JsonDocument.Parse(body);
        return (took, page.RootElement.GetProperty("next_cursor").GetString() ?? "");
    }

    private sealed record Idle(double Server, double Compiler, double Database);

    /// <summary>Shares of a core. The runtime's compiler is told apart: it works off what the minute before began, and then rests.</summary>
    private static async Task<Idle> IdleAsync(TimeSpan time, CancellationToken ct)
    {
        var compilers = new Dictionary<string, double>(StringComparer.Ordinal);
        LookAtCompilers(compilers);
        var (server, compiler, database) = (ProcessSeconds("self"), compilers.Values.Sum(), DatabaseSeconds());
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < time)
        {
            await Task.Delay(500, ct);
            LookAtCompilers(compilers); // its thread comes and goes
        }

        var percent = 100 / watch.Elapsed.TotalSeconds;
        compiler = compilers.Values.Sum() - compiler;
        return new(percent * (ProcessSeconds("self") - server - compiler), percent * compiler, percent * (DatabaseSeconds() - database));
    }

    private static void LookAtCompilers(Dictionary<string, double> seconds)
    {
        foreach (var task in Directory.EnumerateDirectories("/proc/self/task").Select(t => t["/proc/".Length..]))
        {
            try
            {
                if (File.ReadAllText($"/proc/{task}/comm").StartsWith(".NET Tiered", StringComparison.Ordinal))
                    seconds[task] = ProcessSeconds(task);
            }
            catch (IOException)
            {
                // It ended in this moment.
            }
        }
    }

    /// <summary>Processor seconds of the cluster that this process started.</summary>
    private static double DatabaseSeconds()
    {
        var file = $"/tmp/sst-{Environment.ProcessId}/pg/postmaster.pid";
        var postmaster = File.ReadLines(file).First();
        return File.ReadAllText($"/proc/{postmaster}/task/{postmaster}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Append(postmaster).Sum(ProcessSeconds);
    }

    private static double ProcessSeconds(string pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / 100.0;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static string Percent(Idle idle) =>
        string.Create(CultureInfo.InvariantCulture, $"{idle.Server:0.0} % of a core (the runtime's compiler {idle.Compiler:0.0} % and PostgreSQL {idle.Database:0.0} % beside it)");

    /// <summary>Copies a running session into ten thousand, in the database and in the runtime: as if each had been launched, in seconds instead of minutes.</summary>
    private static async Task<string[]> MultiplyAsync(TestApp app, FakeRuntime runtime, Guid id, CancellationToken ct)
    {
        var planted = Enumerable.Range(0, Many - 1).Select(_ => runtime.Plant().Value).ToArray();
        await using var connection = await app.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        foreach (var sql in new[]
                 {
                     "create temp table copies on commit drop as select s.*, n, planted from sessions.sessions s cross join unnest($2) with ordinality as p(planted, n) where s.id = $1",
                     "update copies set id = planted, name = 'terminal-' || n, created_at = created_at - n * interval '1 s', owner_id = md5((n / 20)::text)::uuid, owner_name = 'user' || n / 20",
                     "alter table copies drop column n, drop column planted",
                     "insert into sessions.sessions select * from copies",
                     "insert into sessions.work(session_id, due_at, wishes, attempts) select id, now() + interval '3 h' + random() * interval '1 h', 1, 0 from copies",
                     "insert into sessions.presence(session_id, last_activity_at, kind, expiry_warned) select id, now(), 'start', 0 from copies",
                 })
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            if (sql.Contains("$1", StringComparison.Ordinal))
            {
                command.Parameters.Add(new() { Value = id });
                command.Parameters.Add(new() { Value = planted });
            }

            await command.ExecuteNonQueryAsync(ct);
        }

        await transaction.CommitAsync(ct);
        await using var analyze = new NpgsqlCommand("analyze sessions.sessions, sessions.work, sessions.presence", connection);
        await analyze.ExecuteNonQueryAsync(ct);
        return [.. planted.Select(p => p.ToString())];
    }

    /// <summary>500 changes per minute: a third of tags, a third freezing, a third waking what was frozen.</summary>
    private static async Task<(int Changed, int Refused, double Seconds)> ChurnAsync(HttpClient admin, string[] ids, CancellationToken ct)
    {
        var random = new Random(1);
        var frozen = new Queue<string>();
        var (changed, refused) = (0, 0);
        var watch = Stopwatch.StartNew();
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(120));
        try
        {
            for (var i = 0; await beat.WaitForNextTickAsync(ct); i++)
            {
                var id = ids[random.Next(ids.Length)];
                if (i % 3 == 1)
                    frozen.Enqueue(id);
                using var answer = (i % 3) switch
                {
                    0 => await admin.PatchAsJsonAsync($"/api/v1/sessions/{id}", new { tags = new[] { "t" + random.Next(100).ToString(CultureInfo.InvariantCulture) } }, ct),
                    1 => await admin.PostAsJsonAsync($"/api/v1/sessions/{id}/freeze", new { }, ct),
                    _ => await admin.PostAsJsonAsync($"/api/v1/sessions/{frozen.Dequeue()}/wake", new { }, ct),
                };
                _ = answer.IsSuccessStatusCode ? changed++ : refused++;
            }
        }
        catch (OperationCanceledException)
        {
            // Enough has changed.
        }

        return (changed, refused, watch.Elapsed.TotalSeconds);
    }
}
