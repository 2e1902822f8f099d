using System.Diagnostics;
using System.Security.Cryptography;
using StreamSpace.Client;
using StreamSpace.EndToEnd.Tests.Harness;
using StreamSpace.Testing;
using StreamSpace.Tests.Shared;

namespace StreamSpace.EndToEnd.Tests.Replicas;

/// <summary>Two server processes share one PostgreSQL and one Docker engine.</summary>
public sealed class TwoReplicasTests
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    [RequiresFact("docker")]
    public async Task Events_reach_a_socket_on_the_other_replica()
    {
        await using var pair = await Pair.StartAsync();
        using var here = await pair.First.LogInAsync();
        using var there = await pair.Second.LogInAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var listening = new TaskCompletionSource();
        var seen = new List<string>();
        var phases = Task.Run(
            async () =>
            {
                await foreach (var e in there.Live.SessionsAsync(null, _ => { listening.TrySetResult(); return Task.CompletedTask; }, patience.Token))
                {
                    lock (seen)
                        seen.Add(e.Type);
                    if (e.Type == "session.deleted")
                        return;
                }
            },
            patience.Token);
        await listening.Task.WaitAsync(patience.Token);

        var session = await here.Sessions.CreateAsync(new NewSession { Template = "terminal", Runtime = "docker" }, patience.Token);
        Assert.Equal(Phases.Running, (await here.UntilAsync(session.Id, [Phases.Running], _ => { }, patience.Token)).Phase);
        await here.Sessions.DeleteAsync(session.Id, patience.Token);
        await phases;

        lock (seen)
        {
            Assert.Contains("session.created", seen);
            Assert.Contains("session.started", seen);
            Assert.Equal(1, seen.Count(t => t == "session.created"));
            Assert.Equal(1, seen.Count(t => t == "session.started"));
        }
    }

    [RequiresFact("docker")]
    public async Task When_a_replica_is_killed_the_other_takes_over_within_ten_seconds()
    {
        await using var pair = await Pair.StartAsync();
        using var there = await pair.Second.LogInAsync();
        // Whichever replica drives, one of these two kills hits it in the middle of a launch.
        foreach (var (dying, surviving) in new[] { (pair.First, pair.Second), (pair.Second, pair.First) })
        {
            using var here = await surviving.LogInAsync();
            var session = await here.Sessions.CreateAsync(new NewSession { Template = "terminal", Runtime = "docker" }, Ct);
            await dying.KillAsync();
            var clock = Stopwatch.StartNew();

            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            var running = await here.UntilAsync(session.Id, [Phases.Running], _ => { }, patience.Token);

            Assert.Equal(Phases.Running, running.Phase);
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(12), $"handed over and launched after {clock.Elapsed}"); // 10 s and the launch itself
            var containers = (await Shell.RunAsync("docker", "ps", "-aq", "--filter", $"label=streamspace.session={session.Id}")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Single(containers);
            await dying.StartAgainAsync();
        }
    }

    private sealed class Pair : IAsyncDisposable
    {
        public required ServerProcess First { get; init; }

        public required ServerProcess Second { get; init; }

        public static async Task<Pair> StartAsync()
        {
            var settings = new ServerSettings { Runtime = "docker" };
            settings.Environment["Database__ConnectionString"] = await TestDatabase.CreateEmptyAsync();
            settings.Environment["MasterKey"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
            return new Pair { First = await ServerProcess.StartAsync(settings), Second = await ServerProcess.StartAsync(settings) };
        }

        public async ValueTask DisposeAsync()
        {
            await First.DisposeAsync();
            await Second.DisposeAsync();
        }
    }
}
