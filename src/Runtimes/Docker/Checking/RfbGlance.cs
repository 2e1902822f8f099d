using StreamSpace.Rfb;
using StreamSpace.Rfb.Ends;

namespace StreamSpace.Runtimes.Docker.Checking;

/// <summary>Judges an image's display: log in, learn the size, see whether the picture is blank.</summary>
internal sealed class RfbGlance(Stream stream) : IAsyncDisposable
{
    private RfbClient? _client;

    public int Width => _client?.Picture.Width ?? 0;

    public int Height => _client?.Picture.Height ?? 0;

    /// <summary>Null when the password is taken; otherwise what the server said or did.</summary>
    public async Task<string?> LogInAsync(string password, CancellationToken ct)
    {
        try
        {
            _client = await RfbClient.ConnectAsync(stream, password, ct, new() { RequirePassword = true });
            return null;
        }
        catch (RfbException e)
        {
            return e.Error.Fault switch
            {
                RfbFault.NotRfb => "it does not greet with RFB",
                RfbFault.NoCommonSecurity => $"it asks for no VNC password ({e.Message})",
                RfbFault.Refused => "it refuses the password",
                _ => e.Message,
            };
        }
    }

    /// <summary>Asks for a whole picture; true when it is not of one colour.</summary>
    /// <exception cref="RfbException">The server broke the protocol or went away.</exception>
    public async Task<bool> IsPaintedAsync(CancellationToken ct)
    {
        await _client!.RequestAsync(incremental: false, ct);
        while (await _client.ReadAsync(ct) != ServerMessageType.FramebufferUpdate)
            continue;
        return _client.Picture.HasContent;
    }

    public ValueTask DisposeAsync() => _client?.DisposeAsync() ?? stream.DisposeAsync();
}
