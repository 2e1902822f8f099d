using System.Globalization;
using System.Net.Http;
using Microsoft.Extensions.Options;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Runtimes.Docker.Engine;
using StreamSpace.Runtimes.Docker.Launching;
using StreamSpace.Runtimes.Docker.Watching;

namespace StreamSpace.Runtimes.Docker;

/// <summary>Finds, reads and ends sessions' containers; turns the engine's words into the runtime's.</summary>
internal sealed class Containers(EngineClient engine, Endings endings, IOptions<DockerOptions> options)
{
    private const int PoliteSeconds = 10;

    public EngineAddress EngineAddress => engine.Address;

    private string Installation => options.Value.Installation;

    /// <summary>The session's container; null when there is none, or when it is another installation's.</summary>
    public async Task<ContainerDetail?> FindAsync(SessionId session, CancellationToken ct)
    {
        try
        {
            var found = await engine.GetAsync($"/containers/{Names.Container(session)}/json", EngineJson.Default.ContainerDetail, ct);
            return found.Config.Labels?.GetValueOrDefault(Names.Installation) == Installation ? found : null;
        }
        catch (EngineFailure e) when (e.Missing)
        {
            return null;
        }
    }

    public async Task<IReadOnlyList<ContainerRow>> ListAsync(CancellationToken ct, params string[] labels) =>
        await engine.GetAsync($"/containers/json?all=true&filters={Filter("label", [$"{Names.Installation}={Installation}", .. labels])}", EngineJson.Default.ListContainerRow, ct);

    /// <summary>Removes what a killed server left besides sessions: guards and image checks, which never take so long.</summary>
    public async Task SweepLeftoversAsync(DateTimeOffset olderThan, CancellationToken ct)
    {
        foreach (var row in await ListAsync(ct))
        {
            if (Names.SessionOf(row.Labels) is null && row.Created < olderThan.ToUnixTimeSeconds())
                await IgnoreMissingAsync(HttpMethod.Delete, $"/containers/{row.Id}?force=true&v=true", ct);
        }
    }

    public RuntimeState Read(SessionId session, ContainerDetail container)
    {
        var state = container.State;
        DateTimeOffset? started = state.StartedAt.Year > 1 ? state.StartedAt : null;
        if (state.Running)
            return new(session, state.Paused ? RuntimePhase.Frozen : RuntimePhase.Running, null, null, started);
        if (state.Status is "created")
            return new(session, RuntimePhase.Stopped, null, null, null);
        var (reason, message) = endings.Of(container.Id, state);
        return new(session, RuntimePhase.Stopped, reason, message, started);
    }

    /// <summary>TERM, ten seconds, KILL; then the container is removed with its writable layer. A paused one goes on first: it could not hear the TERM.</summary>
    public async Task EndAsync(SessionId session, CancellationToken ct)
    {
        var name = Names.Container(session);
        try
        {
            if (await FindAsync(session, ct) is not { } found)
                return;
            endings.Ask(found.Id);
            if (found.State.Paused)
                await ThawAsync(session, ct);
            if (found.State.Running)
                await IgnoreMissingAsync(HttpMethod.Post, string.Create(CultureInfo.InvariantCulture, $"/containers/{name}/stop?t={PoliteSeconds}"), ct);
            await IgnoreMissingAsync(HttpMethod.Delete, $"/containers/{name}?force=true", ct);
        }
        catch (EngineFailure e) when (e.Conflict && e.Message.Contains("already in progress", StringComparison.Ordinal))
        {
            // Another replica removes it at this moment.
        }
    }

    /// <summary>Removes without asking; for what never came up.</summary>
    public async Task SweepAsync(SessionId session, CancellationToken ct)
    {
        if (await FindAsync(session, ct) is not { } found)
            return;
        endings.Ask(found.Id);
        await IgnoreMissingAsync(HttpMethod.Delete, $"/containers/{found.Id}?force=true", ct);
    }

    public async Task FreezeAsync(SessionId session, CancellationToken ct)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                await engine.DoAsync(HttpMethod.Post, $"/containers/{Names.Container(session)}/pause", null, ct);
                return;
            }
            catch (EngineFailure e) when (e.SaysAlready("already paused"))
            {
                return;
            }
            catch (EngineFailure e) when (tries < 10 && e.Message.Contains("unable to freeze", StringComparison.Ordinal))
            {
                // On cgroup v1 a process that is being born at the moment escapes the freezer; the next moment it does not.
            }
        }
    }

    public async Task ThawAsync(SessionId session, CancellationToken ct)
    {
        try
        {
            await engine.DoAsync(HttpMethod.Post, $"/containers/{Names.Container(session)}/unpause", null, ct);
        }
        catch (EngineFailure e) when (e.Message.Contains("is not paused", StringComparison.Ordinal))
        {
            // It goes on already - unless it does not run at all.
            if (await FindAsync(session, ct) is not { State.Running: true })
                throw;
        }
    }

    /// <summary>Other limits of CPU and memory for a container that runs.</summary>
    public async Task LimitAsync(SessionId session, ResourceLimits limits, long held, CancellationToken ct)
    {
        if (await FindAsync(session, ct) is not { State.Running: true } found)
            throw new RuntimeFailure(RuntimeReasons.WrongState, "The session does not run.");
        // Kernels differ: one refuses a limit below what is held, another kills.
        if (held > limits.MemoryBytes)
            throw InUse(limits);
        try
        {
            await engine.DoAsync(HttpMethod.Post, $"/containers/{found.Id}/update", EngineClient.Json(Blueprint.Limits(limits), EngineJson.Default.UpdateWish), ct);
        }
        catch (EngineFailure e) when (e.Message.Contains("busy", StringComparison.OrdinalIgnoreCase))
        {
            throw InUse(limits, e);
        }
    }

    private static RuntimeFailure InUse(ResourceLimits limits, Exception? inner = null) =>
        new(RuntimeReasons.MemoryInUse, $"The session holds more memory than {limits.MemoryBytes >> 20} MiB now.", inner);

    public static string Filter(string key, IReadOnlyList<string> values) =>
        Uri.EscapeDataString(System.Text.Json.JsonSerializer.Serialize(
            new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { [key] = values }, EngineJson.Default.DictionaryStringIReadOnlyListString));

    private async Task IgnoreMissingAsync(HttpMethod method, string path, CancellationToken ct)
    {
        try
        {
            await engine.DoAsync(method, path, null, ct);
        }
        catch (EngineFailure e) when (e.Missing)
        {
            // It is gone already.
        }
    }
}
