using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using StreamSpace.Contracts.Runtimes;

namespace StreamSpace.Sessions;

/// <summary>The runtimes of this process and how each was when it was asked last.</summary>
internal sealed class RuntimeRegistry(IEnumerable<ISessionRuntime> runtimes, IConfiguration configuration)
{
    private static readonly RuntimeHealth Unknown = new(false, null, "It was not asked yet.", [], RuntimeCapabilities.None);
    private static readonly string[] Preferred = ["kubernetes", "docker", "local"];
    private readonly Dictionary<string, ISessionRuntime> byName = runtimes.ToDictionary(r => r.Name, StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, RuntimeHealth> health = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> answered = new(StringComparer.Ordinal);

    private string? Configured => configuration["Runtimes:Default"] is { Length: > 0 } name and not "auto" ? name : null;

    public IReadOnlyCollection<ISessionRuntime> All => byName.Values;

    public IEnumerable<string> Names => byName.Keys.Order(StringComparer.Ordinal);

    public ISessionRuntime? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>As it was seen last; never waits.</summary>
    public RuntimeHealth HealthOf(string name) => health.GetValueOrDefault(name, Unknown);

    public bool Knows(string name) => health.ContainsKey(name);

    public void Note(string name, RuntimeHealth seen)
    {
        health[name] = seen;
        if (seen.Available)
            answered[name] = true;
    }

    /// <summary>True for a runtime that should be there: it answered before, or the settings name it.</summary>
    public bool IsMissed(string name) => !HealthOf(name).Available && (answered.ContainsKey(name) || name == Configured);

    /// <summary>Notes that it stopped answering, without asking again. True when that is news.</summary>
    public bool NoteLost(string name, string? problem)
    {
        var before = HealthOf(name);
        health[name] = before with { Available = false, Problem = problem ?? "It does not answer." };
        return before.Available;
    }

    /// <summary>Asks it now.</summary>
    public async Task<RuntimeHealth> ProbeAsync(ISessionRuntime runtime, CancellationToken ct)
    {
        var seen = await runtime.ProbeAsync(ct);
        Note(runtime.Name, seen);
        return seen;
    }

    /// <summary>
    /// The runtime <c>auto</c> means: the configured one, else kubernetes, docker, local, whichever answers first in that order,
    /// and among those allowed by the template.
    /// </summary>
    public async Task<ISessionRuntime?> ChooseAsync(IReadOnlyList<string> allowed, CancellationToken ct)
    {
        var candidates = byName.Values
            .Where(r => allowed.Count == 0 || allowed.Contains(r.Name, StringComparer.Ordinal))
            .OrderBy(r => r.Name == Configured ? -1 : Array.IndexOf(Preferred, r.Name) is >= 0 and var place ? place : Preferred.Length)
            .ThenBy(r => r.Name, StringComparer.Ordinal)
            .ToArray();
        foreach (var runtime in candidates)
        {
            var seen = Knows(runtime.Name) ? HealthOf(runtime.Name) : await ProbeAsync(runtime, ct);
            if (seen.Available)
                return runtime;
        }

        return null;
    }
}
