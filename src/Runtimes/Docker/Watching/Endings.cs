using System.Collections.Concurrent;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Runtimes.Docker.Engine;

namespace StreamSpace.Runtimes.Docker.Watching;

/// <summary>
/// What this process knows beyond the engine's own records: which ends were asked for, which container lost a program for
/// memory (the engine keeps that only for the first process), and when the engine itself was away.
/// </summary>
internal sealed class Endings(TimeProvider clock)
{
    private static readonly TimeSpan MemoryWindow = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan EngineWindow = TimeSpan.FromSeconds(20);
    private readonly ConcurrentDictionary<string, byte> _asked = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _starved = new(StringComparer.Ordinal);
    private DateTimeOffset? _lostAt;
    private DateTimeOffset? _backAt;

    public void Ask(string container) => _asked[container] = 0;

    public void Starved(string container) => _starved[container] = clock.GetUtcNow();

    /// <summary>The container is removed; nobody will ask about it again.</summary>
    public void Gone(string container)
    {
        _asked.TryRemove(container, out _);
        _starved.TryRemove(container, out _);
    }

    public void EngineLost() => _lostAt = clock.GetUtcNow();

    public void EngineBack() => _backAt = clock.GetUtcNow();

    /// <summary>Why a container ended; nulls when it was asked to.</summary>
    public (string? Reason, string? Message) Of(string container, ContainerState state)
    {
        if (_asked.ContainsKey(container))
            return (null, null);
        var starved = state.OOMKilled || (_starved.TryGetValue(container, out var at) && state.FinishedAt - at < MemoryWindow);
        var engineAway = _lostAt is { } lost && state.FinishedAt > lost - EngineWindow && (_backAt is not { } back || back < lost || state.FinishedAt < back + EngineWindow);
        return Decide(state.ExitCode, starved, engineAway, state.Error);
    }

    public static (string Reason, string Message) Decide(int code, bool starved, bool engineAway, string? error) => code switch
    {
        not 0 when starved => (RuntimeReasons.OutOfMemory, "The session's memory ran out and its program or display was killed. Start it again with more memory."),
        137 or 143 or 255 when engineAway => (RuntimeReasons.RuntimeLost, "The Docker engine stopped and ended the session; with live-restore switched on in the engine it would have gone on."),
        81 => (RuntimeReasons.DisplayLost, "The session's display server ended."),
        78 => (RuntimeReasons.StartFailed, "The image refused its settings; its log says which."),
        125 or 126 or 127 => (RuntimeReasons.StartFailed, $"The program could not be started (exit code {code}). {error}".TrimEnd()),
        137 or 143 => (RuntimeReasons.ProgramEnded, "The session was ended from outside, by someone with access to the Docker engine."),
        0 => (RuntimeReasons.ProgramEnded, "The program was closed."),
        _ => (RuntimeReasons.ProgramEnded, $"The program ended with exit code {code}."),
    };
}
