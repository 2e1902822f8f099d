using System.Diagnostics;
using StreamSpace.Rfb;
using StreamSpace.Rfb.Ends;

namespace StreamSpace.Bench.Sessions;

/// <summary>Reads all the time, with one request standing, so that the frame after a key is the key's and not an older one.</summary>
internal sealed class Screen(RfbClient viewer)
{
    private const uint Return = 0xff0d;
    private Task<byte>? reading;

    /// <summary>The key of a turn. A new line now and then: at the end of one the shell would only ring the bell.</summary>
    public static uint Key(int i) => i % 20 == 19 ? Return : (uint)('a' + (i + 26) % 26);

    /// <summary>Takes frames until none has come for a while; a request then stands at the display.</summary>
    public async Task QuietAsync(CancellationToken ct)
    {
        if (reading is null)
            await AskAsync(ct);
        while (await Task.WhenAny(reading!, Task.Delay(150, ct)) == reading)
        {
            if (await reading! == ServerMessageType.FramebufferUpdate)
                await AskAsync(ct);
            else
                reading = viewer.ReadAsync(ct);
        }
    }

    public async Task<double> KeyToFrameAsync(uint key, CancellationToken ct)
    {
        await QuietAsync(ct);
        var pressed = Stopwatch.GetTimestamp();
        await viewer.KeyAsync(key, down: true, ct);
        await viewer.KeyAsync(key, down: false, ct);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(TimeSpan.FromSeconds(10));
        while (await reading!.WaitAsync(patience.Token) != ServerMessageType.FramebufferUpdate)
            reading = viewer.ReadAsync(ct);
        var took = Stopwatch.GetElapsedTime(pressed).TotalMilliseconds;
        await AskAsync(ct);
        return took;
    }

    private async Task AskAsync(CancellationToken ct)
    {
        await viewer.RequestAsync(incremental: true, ct);
        reading = viewer.ReadAsync(ct);
    }
}
