using StreamSpace.Kernel;

namespace StreamSpace.Sessions;

/// <summary>
/// Names the runtimes that are missed: one that answered before and does not any more, the one the settings ask for, or all of them
/// when nothing can start a session. A runtime that this machine simply does not have is no problem while another works.
/// </summary>
internal sealed class RuntimesHealth(RuntimeRegistry runtimes, TimeProvider clock) : IHealthPart
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(800);

    public string Name => "runtimes";

    public async Task<string?> ProblemAsync(CancellationToken ct)
    {
        // A server that just started is still asking them; whoever waits for it wants to hear of them too.
        for (var since = clock.GetTimestamp(); runtimes.Names.Any(n => !runtimes.Knows(n)) && clock.GetElapsedTime(since) < Patience;)
            await Task.Delay(TimeSpan.FromMilliseconds(20), clock, ct);
        var down = runtimes.Names.Where(n => runtimes.Knows(n) && !runtimes.HealthOf(n).Available).ToArray();
        var allDown = down.Length > 0 && down.Length == runtimes.Names.Count();
        var missed = down.Where(n => allDown || runtimes.IsMissed(n)).Select(n => $"{n}: {runtimes.HealthOf(n).Problem}").ToArray();
        return missed.Length == 0 ? null : string.Join(' ', missed);
    }
}
