using StreamSpace.Rfb;
using StreamSpace.Rfb.Ends;

namespace StreamSpace.Runtimes.Tests.ContractSuite;

/// <summary>Tells a living picture from a blank one.</summary>
internal sealed class RfbProbe(Stream stream)
{
    private RfbClient? _client;

    public int Width => _client!.Picture.Width;

    public int Height => _client!.Picture.Height;

    /// <summary>Handshake, then full updates until two pixels differ.</summary>
    public async Task NonBlankFrameAsync(string password, CancellationToken ct)
    {
        _client = await RfbClient.ConnectAsync(stream, password, ct, new() { Encodings = [RfbEncoding.Raw] });
        while (!await FrameAsync(ct))
            await Task.Delay(5, ct);
    }

    /// <summary>Asks for a full picture; true when it is not of one colour.</summary>
    public async Task<bool> FrameAsync(CancellationToken ct)
    {
        await _client!.RequestAsync(incremental: false, ct);
        while (await _client.ReadAsync(ct) != ServerMessageType.FramebufferUpdate)
            continue;
        return _client.Picture.HasContent;
    }
}
