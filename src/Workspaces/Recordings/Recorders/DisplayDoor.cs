using Microsoft.Extensions.DependencyInjection;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Rfb;
using StreamSpace.Rfb.Handshakes;

namespace StreamSpace.Recordings.Recorders;

/// <summary>Opens connections of the recorder's own to sessions' displays.</summary>
internal sealed class DisplayDoor(ISessionDisplays displays, IEnumerable<ISessionRuntime> runtimes, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly Dictionary<string, ISessionRuntime> _runtimes = runtimes.ToDictionary(r => r.Name, StringComparer.Ordinal);

    /// <summary>A display that has shaken hands. Throws when it cannot be reached now.</summary>
    public async Task<(Stream Stream, ServerInit Init)> OpenAsync(SessionId session, CancellationToken ct)
    {
        using var late = new CancellationTokenSource(Patience, clock);
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token);
        var access = await displays.FindAsync(session, soon.Token) ?? throw new RuntimeFailure(RuntimeReasons.DisplayLost, "The session has no display now.");
        if (!_runtimes.TryGetValue(access.Runtime, out var runtime))
            throw new RuntimeFailure(RuntimeReasons.RuntimeLost, $"The runtime '{access.Runtime}' is not switched on here.");
        var stream = await runtime.OpenDisplayAsync(session, soon.Token);
        try
        {
            return (stream, await ServerHandshake.RunAsync(stream, access.Password, RfbLimits.Default, soon.Token));
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }
}
