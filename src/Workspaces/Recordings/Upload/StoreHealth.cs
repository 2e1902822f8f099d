using StreamSpace.Kernel;

namespace StreamSpace.Recordings.Upload;

/// <summary>Names the store when it is away: what is recorded waits on this server's disk then.</summary>
internal sealed class StoreHealth(StorePause pause) : IHealthPart
{
    public string Name => "recordings.store";

    // The answer is open to everybody: what exactly is wrong with the store is told to administrators.
    public Task<string?> ProblemAsync(CancellationToken ct) =>
        Task.FromResult(pause.Problem is null ? null : "The store of recordings is away; what is recorded waits here. Administrators see why on the page System.");
}
