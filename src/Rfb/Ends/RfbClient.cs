using StreamSpace.Rfb.Clipboard;
using StreamSpace.Rfb.Handshakes;
using StreamSpace.Rfb.Pictures;

namespace StreamSpace.Rfb.Ends;

/// <summary>
/// A viewer without a window over any stream: handshake, encodings, a picture decoded by <see cref="PictureDecoder"/>, input, clipboard, size. For probes,
/// thumbnails, recorders, measurements and tests. One reader at a time; anything may be sent while it reads.
/// </summary>
public sealed class RfbClient : IAsyncDisposable
{
    private readonly Stream _stream;
    private readonly PictureDecoder _decoder;
    private readonly RfbClientOptions _options;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _from;
    private int _to;
    private volatile bool _peerHasExtendedClipboard;
    private string? _offered;

    private RfbClient(Stream stream, ServerInit server, RfbClientOptions options)
    {
        Server = server;
        _stream = stream;
        _options = options;
        _decoder = new(server.Width, server.Height, options.Format, options.Limits);
    }

    /// <summary>What the server told about itself.</summary>
    public ServerInit Server { get; }

    /// <summary>The picture as far as it has arrived.</summary>
    public Picture Picture => _decoder.Picture;

    /// <summary>The pointer's shape, if a cursor encoding was asked for and came.</summary>
    public CursorShape? Cursor => _decoder.Cursor;

    /// <summary>Screens, if ExtendedDesktopSize was asked for and came.</summary>
    public DesktopLayout? Layout => _decoder.Layout;

    /// <summary>Complete updates so far.</summary>
    public long Updates => _decoder.Updates;

    /// <summary>Rectangles of an encoding so far: what the server really uses.</summary>
    public long RectanglesOf(int encoding) => _decoder.RectanglesOf(encoding);

    /// <summary>Bytes read behind the handshake.</summary>
    public long BytesRead { get; private set; }

    /// <summary>The last text of the server's clipboard; null before the first.</summary>
    public string? Clipboard { get; private set; }

    /// <summary>Shakes hands and agrees on pixels and encodings. The client owns the stream from here on.</summary>
    /// <param name="stream">A connection to a server that has said nothing yet.</param>
    /// <param name="password">For servers that ask for one (VncAuth); null when there is none.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <param name="options">What to ask for; lossless pictures when null.</param>
    /// <exception cref="RfbException">No RFB server, one that refuses, or one whose picture is beyond the limits.</exception>
    public static async Task<RfbClient> ConnectAsync(Stream stream, string? password, CancellationToken ct, RfbClientOptions? options = null)
    {
        options ??= new();
        var server = await ServerHandshake.RunAsync(stream, password, options.Limits, ct, options.RequirePassword);
        var client = new RfbClient(stream, server, options);
        client.ThrowIfBroken();
        byte[] wishes = [.. ClientMessages.SetPixelFormat(options.Format), .. ClientMessages.SetEncodings(options.ToEncodings())];
        await client.SendAsync(wishes, ct);
        return client;
    }

    /// <summary>Pixels painted so far, as often as they were painted.</summary>
    public long Painted => _decoder.Painted;

    /// <summary>Asks for other encodings from now on.</summary>
    public Task SetEncodingsAsync(IReadOnlyList<int> encodings, CancellationToken ct) => SendAsync(ClientMessages.SetEncodings(encodings), ct);

    /// <summary>Asks for the whole picture, or with <paramref name="incremental"/> for what changed.</summary>
    public Task RequestAsync(bool incremental, CancellationToken ct) => SendAsync(ClientMessages.UpdateRequest(incremental, Picture.Width, Picture.Height), ct);

    /// <summary>Presses or releases a key (X keysym).</summary>
    public Task KeyAsync(uint keysym, bool down, CancellationToken ct) => SendAsync(ClientMessages.Key(keysym, down), ct);

    /// <summary>Moves the pointer with these buttons down (bit 0 the left one).</summary>
    public Task PointerAsync(int x, int y, byte buttons, CancellationToken ct) => SendAsync(ClientMessages.Pointer(x, y, buttons), ct);

    /// <summary>Asks for another size; <see cref="Layout"/> tells what came of it. Only servers that announced ExtendedDesktopSize listen.</summary>
    public Task ResizeAsync(int width, int height, CancellationToken ct) =>
        SendAsync(ClientMessages.SetDesktopSize(width, height, Layout is { Screens: [var screen, ..] } ? screen.Id : 0), ct);

    /// <summary>
    /// Offers text to the server's clipboard: by the extended clipboard when the server has it, and is then given on request, otherwise as Latin-1.
    /// </summary>
    public Task CutTextAsync(string text, CancellationToken ct)
    {
        _offered = text;
        return SendAsync(
            _peerHasExtendedClipboard ? CutTextWriter.Notify(ClientMessageType.ClientCutText, ClipboardFormats.Text) : CutTextWriter.Classic(ClientMessageType.ClientCutText, text), ct);
    }

    /// <summary>Sends bytes as they are.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> message, CancellationToken ct)
    {
        await _sending.WaitAsync(ct);
        try
        {
            await _stream.WriteAsync(message, ct);
            await _stream.FlushAsync(ct);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Reads one message and takes it into <see cref="Picture"/>, <see cref="Clipboard"/> and so on; answers fences and clipboard requests.</summary>
    /// <returns>The message's type, one of <see cref="ServerMessageType"/>.</returns>
    /// <exception cref="RfbException">The server broke the protocol or went away.</exception>
    public async Task<byte> ReadAsync(CancellationToken ct)
    {
        while (true)
        {
            var step = _decoder.Feed(_buffer.AsSpan(_from, _to - _from));
            _from += step.Taken;
            ThrowIfBroken();
            if (step.Complete)
            {
                await AnswerAsync(step.Type, ct);
                return step.Type;
            }
            _from = 0;
            _to = await _stream.ReadAsync(_buffer, ct);
            BytesRead += _to;
            if (_to == 0)
                throw new RfbException(new(RfbFault.EndOfStream, _decoder.Offset, 0));
        }
    }

    /// <summary>Asks and reads until the picture satisfies a condition.</summary>
    public async Task WaitForAsync(Func<Picture, bool> condition, CancellationToken ct)
    {
        await RequestAsync(incremental: false, ct);
        while (true)
        {
            if (await ReadAsync(ct) != ServerMessageType.FramebufferUpdate)
                continue;
            if (condition(Picture))
                return;
            await RequestAsync(incremental: true, ct);
        }
    }

    /// <summary>
    /// Asks and reads for as long as it is let, asking at most once per interval: a recorder's and a thumbnail's pace, which spares the server the encoding of
    /// frames that nobody needs.
    /// </summary>
    /// <param name="interval">Least time between two requests.</param>
    /// <param name="updated">Called after each update; false ends it.</param>
    /// <param name="clock">Whose time it is.</param>
    /// <param name="ct">Ends it as well.</param>
    public async Task FollowAsync(TimeSpan interval, Func<Picture, bool> updated, TimeProvider clock, CancellationToken ct)
    {
        await RequestAsync(incremental: false, ct);
        var asked = clock.GetTimestamp();
        while (true)
        {
            if (await ReadAsync(ct) != ServerMessageType.FramebufferUpdate)
                continue;
            if (!updated(Picture))
                return;
            var wait = interval - clock.GetElapsedTime(asked);
            if (wait > TimeSpan.Zero)
                await Task.Delay(wait, clock, ct);
            asked = clock.GetTimestamp();
            await RequestAsync(incremental: true, ct);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _decoder.Dispose();
        _sending.Dispose();
    }

    private void ThrowIfBroken()
    {
        if (_decoder.Error.Fault != RfbFault.None)
            throw new RfbException(_decoder.Error);
    }

    private Task AnswerAsync(byte type, CancellationToken ct)
    {
        var content = _decoder.Content;
        if (type == ServerMessageType.Fence && (content[4] & 0x80) != 0)
            return SendAsync(ClientMessages.FenceAnswer(content), ct);
        if (type != ServerMessageType.ServerCutText)
            return Task.CompletedTask;
        if (!CutTextReader.TryRead(content, _options.Limits, out var text, out var error))
            throw new RfbException(error with { Offset = _decoder.Offset - content.Length + error.Offset });
        Clipboard = text.Text ?? Clipboard;
        return text.Kind switch
        {
            CutTextKind.Caps => AnswerCapsAsync(ct),
            CutTextKind.Notify when text.Formats.HasFlag(ClipboardFormats.Text) => SendAsync(CutTextWriter.Request(ClientMessageType.ClientCutText, ClipboardFormats.Text), ct),
            CutTextKind.Peek => SendAsync(CutTextWriter.Notify(ClientMessageType.ClientCutText, _offered is null ? ClipboardFormats.None : ClipboardFormats.Text), ct),
            CutTextKind.Request when _offered is { } offered && text.Formats.HasFlag(ClipboardFormats.Text) => SendAsync(CutTextWriter.Provide(ClientMessageType.ClientCutText, offered), ct),
            _ => Task.CompletedTask,
        };
    }

    /// <summary>We take no text unasked: notices are answered with requests.</summary>
    private Task AnswerCapsAsync(CancellationToken ct)
    {
        _peerHasExtendedClipboard = true;
        return SendAsync(CutTextWriter.Caps(ClientMessageType.ClientCutText, ClipboardFormats.Text, 0), ct);
    }
}
