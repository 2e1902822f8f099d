using System.Net.Http;
using Microsoft.Extensions.Options;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Runtimes.Docker.Engine;

namespace StreamSpace.Runtimes.Docker;

/// <summary>Homes are volumes: a person's outlives their sessions, a session's own goes with it. The engine makes them with the container.</summary>
internal sealed class Homes(EngineClient engine, Containers containers, IOptions<DockerOptions> options)
{
    public Task DeleteOwnAsync(SessionId session, CancellationToken ct) => DeleteAsync(Names.OwnHome(session), ct);

    public async Task DeletePersonalAsync(UserId user, CancellationToken ct)
    {
        var mine = await containers.ListAsync(ct, $"{Names.Owner}={user}");
        if (mine.Any(row => row.State is "running" or "paused" or "restarting"))
            throw InUse();
        var filter = Containers.Filter("label", [$"{Names.Installation}={options.Value.Installation}", $"{Names.Owner}={user}"]);
        var volumes = await engine.GetAsync($"/volumes?filters={filter}", EngineJson.Default.VolumeList, ct);
        foreach (var volume in volumes.Volumes ?? [])
        {
            if (Names.SessionOf(volume.Labels) is null)
                await DeleteAsync(volume.Name, ct);
        }
    }

    private async Task DeleteAsync(string volume, CancellationToken ct)
    {
        try
        {
            await engine.DoAsync(HttpMethod.Delete, $"/volumes/{volume}", null, ct);
        }
        catch (EngineFailure e) when (e.Missing)
        {
            // It never was, or is gone already.
        }
        catch (EngineFailure e) when (e.Conflict)
        {
            throw InUse();
        }
    }

    private static RuntimeFailure InUse() => new(RuntimeReasons.WrongState, "A session of this person still uses the home; end it first.");
}
