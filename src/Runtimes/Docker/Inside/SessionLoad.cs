using System.Globalization;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Runtimes.Docker.Engine;

namespace StreamSpace.Runtimes.Docker.Inside;

/// <summary>Processes and usage of a session, as the engine's machine sees them.</summary>
internal sealed class SessionLoad(EngineClient engine)
{
    private const int LongestCommand = 200;

    public async Task<IReadOnlyList<SessionProcess>> ProcessesAsync(SessionId session, CancellationToken ct)
    {
        var arguments = Uri.EscapeDataString("-eo pid,ppid,cputimes,pcpu,etimes,rss,args");
        var top = await engine.GetAsync($"/containers/{Names.Container(session)}/top?ps_args={arguments}", EngineJson.Default.ContainerTop, ct);
        return Parse(top);
    }

    /// <summary>Null when the session does not run.</summary>
    public async Task<UsageSample?> UsageAsync(SessionId session, CancellationToken ct)
    {
        try
        {
            // Without one-shot the engine waits two seconds to compute a percentage nobody asked for.
            var stats = await engine.GetAsync($"/containers/{Names.Container(session)}/stats?stream=false&one-shot=true", EngineJson.Default.ContainerStats, ct);
            return stats.Memory?.Usage is null ? null : Parse(stats);
        }
        catch (EngineFailure e) when (e.Missing)
        {
            return null;
        }
    }

    public static UsageSample Parse(ContainerStats stats)
    {
        // Cache of files nobody uses counts as memory for the kernel, but not for people; v1 and v2 of cgroups name it differently.
        var idle = stats.Memory?.Stats?.GetValueOrDefault("total_inactive_file") is > 0 and var old ? old : stats.Memory?.Stats?.GetValueOrDefault("inactive_file") ?? 0;
        var memory = stats.Memory?.Usage ?? 0;
        return new(
            (long)(stats.Cpu?.Usage?.Total ?? 0),
            (long)(memory > idle ? memory - idle : memory),
            stats.Networks?.Values.Sum(network => (long)network.Received),
            stats.Networks?.Values.Sum(network => (long)network.Sent),
            null,
            (int?)stats.Pids?.Current,
            Refused(stats));
    }

    // The engine does not tell what its limit refused. Where it runs on this machine the kernel does; elsewhere a session that is seen at its limit counts once.
    private static long? Refused(ContainerStats stats)
    {
        foreach (var folder in stats.Id is { Length: > 0 } id ? [$"pids/docker/{id}", $"pids/system.slice/docker-{id}.scope", $"docker/{id}", $"system.slice/docker-{id}.scope"] : Array.Empty<string>())
        {
            try
            {
                return long.Parse(File.ReadAllText($"/sys/fs/cgroup/{folder}/pids.events").AsSpan(4), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture); // max NUMBER
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
            {
                // Another layout, or another machine.
            }
        }

        return stats.Pids is { Current: { } current, Limit: > 0 and var limit } ? (current >= limit ? 1 : 0) : null;
    }

    public static IReadOnlyList<SessionProcess> Parse(ContainerTop top)
    {
        var processes = new List<SessionProcess>();
        foreach (var row in top.Processes ?? [])
        {
            if (row.Count < 7)
                continue;
            var command = row[6];

            // ps counts CPU time in whole seconds; below that its percentage tells more.
            var cpu = Math.Max(
                long.Parse(row[2], NumberStyles.None, CultureInfo.InvariantCulture),
                double.Parse(row[3], NumberStyles.Float, CultureInfo.InvariantCulture) / 100 * (long.Parse(row[4], NumberStyles.None, CultureInfo.InvariantCulture) + 0.5));
            processes.Add(new(
                int.Parse(row[0], NumberStyles.None, CultureInfo.InvariantCulture),
                int.Parse(row[1], NumberStyles.None, CultureInfo.InvariantCulture),
                command.Length > LongestCommand ? command[..LongestCommand] : command,
                (long)(cpu * 1e9),
                long.Parse(row[5], NumberStyles.None, CultureInfo.InvariantCulture) * 1024));
        }

        return processes;
    }
}
