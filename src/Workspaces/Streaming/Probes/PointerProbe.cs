using System.Diagnostics;
using StreamSpace.Rfb;
using StreamSpace.Rfb.Ends;
using StreamSpace.Rfb.Pictures;

namespace StreamSpace.Streaming.Probes;

/// <summary>
/// Measures from input to picture on one connection. The client asks for no cursor shapes, so the display draws the pointer into its picture; it moves the pointer
/// by two pixels and waits until the picture around it differs. Nothing is pressed, nothing is typed, no window notices. Reads all the time with one request
/// standing, so that what comes after a move is the move's.
/// </summary>
internal sealed class PointerProbe(RfbClient client, TimeProvider clock)
{
    private const int Reach = 32;

    /// <summary>Pixels that the pointer moves to the right and back.</summary>
    public const int Shift = 2;
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(60);
    private static readonly TimeSpan LongestQuiet = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    /// <summary>What such a client asks for: exact pictures, and fences so that the way to the display can be measured.</summary>
    public static RfbClientOptions Options { get; } = new() { Encodings = [.. RfbClientOptions.Lossless, RfbEncoding.Fence] };

    private Task<byte>? _reading;

    /// <summary>Takes the whole picture once.</summary>
    public async Task BeginAsync(CancellationToken ct)
    {
        var whole = (long)client.Picture.Width * client.Picture.Height;
        await client.WaitForAsync(_ => client.Painted >= whole, ct);
        await AskAsync(ct);
    }

    /// <summary>Whether the picture around a place stands still.</summary>
    public async Task<bool> StandsStillAsync((int X, int Y) at, CancellationToken ct)
    {
        await SettleAsync(ct);
        var first = Around(at);
        await Task.Delay(TimeSpan.FromMilliseconds(250), clock, ct);
        await SettleAsync(ct);
        return Around(at).AsSpan().SequenceEqual(first);
    }

    /// <summary>Moves the pointer.</summary>
    /// <param name="at">The place it is moved around.</param>
    /// <param name="away">Away from there, or back.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>How long it took until it was in the picture; null when it did not come.</returns>
    public async Task<TimeSpan?> MoveAsync((int X, int Y) at, bool away, CancellationToken ct)
    {
        await SettleAsync(ct);
        var before = Around(at);
        var sent = Stopwatch.GetTimestamp();
        await client.PointerAsync(at.X + (away ? Shift : 0), at.Y, 0, ct);
        while (true)
        {
            var left = Patience - Stopwatch.GetElapsedTime(sent);
            if (left <= TimeSpan.Zero || !await CameAsync(left, ct))
                return null;
            if (!Around(at).AsSpan().SequenceEqual(before))
                return Stopwatch.GetElapsedTime(sent);
        }
    }

    /// <summary>Leaves the pointer where it was.</summary>
    public Task ReturnAsync((int X, int Y) at, CancellationToken ct) => client.PointerAsync(at.X, at.Y, 0, ct);

    /// <summary>Takes what comes until nothing has come for a moment; elsewhere the picture may go on moving.</summary>
    private async Task SettleAsync(CancellationToken ct)
    {
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < LongestQuiet;)
        {
            if (!await CameAsync(Quiet, ct))
                return;
        }
    }

    /// <summary>Waits for one message and takes it; false when none came in time.</summary>
    private async Task<bool> CameAsync(TimeSpan wait, CancellationToken ct)
    {
        var reading = _reading ??= client.ReadAsync(ct);
        using (var soon = CancellationTokenSource.CreateLinkedTokenSource(ct))
        {
            if (await Task.WhenAny(reading, Task.Delay(wait, clock, soon.Token)) != reading)
                return false;
            await soon.CancelAsync();
        }
        _reading = null;
        if (await reading == ServerMessageType.FramebufferUpdate)
            await AskAsync(ct);
        return true;
    }

    private Task AskAsync(CancellationToken ct) => client.RequestAsync(incremental: true, ct);

    private int[] Around((int X, int Y) at)
    {
        Picture picture = client.Picture;
        int left = Math.Clamp(at.X - Reach, 0, picture.Width - 1), right = Math.Clamp(at.X + Reach + Shift, left + 1, picture.Width);
        int top = Math.Clamp(at.Y - Reach, 0, picture.Height - 1), bottom = Math.Clamp(at.Y + Reach, top + 1, picture.Height);
        var pixels = new int[(right - left) * (bottom - top)];
        for (var y = top; y < bottom; y++)
            picture.Row(left, y, right - left).CopyTo(pixels.AsSpan((y - top) * (right - left)));
        return pixels;
    }
}
