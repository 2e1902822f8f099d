using System.Buffers;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Rfb;
using StreamSpace.Rfb.Handshakes;
using StreamSpace.Rfb.Messages;
using StreamSpace.Streaming.Quality;

namespace StreamSpace.Streaming.Relay;

/// <content>From the viewer: frames, handshake, messages, rights.</content>
internal sealed partial class ViewerRelay
{
    private const int InputBytes = 4 * 1024;
    private readonly WebSocketDecoder _frames;
    private ViewerHandshake? _handshake = new();
    private byte[] _keptInput = [];
    private long _pressesSeen;
    private long _pastesSeen;
    private long _pasteBytesSeen;
    private long _inputsSeen;
    private long _outsideSeen;
    private bool _saidGoodbye;

    private async Task IncomingAsync(CancellationToken ct)
    {
        await _socket.SendSmallAsync(ViewerHandshake.Version.ToArray(), 2, ct);
        while (true)
        {
            // Waiting holds no buffer: an idle viewer costs objects only.
            await _socket.Input.WaitForDataAsync(ct);
            var buffer = ArrayPool<byte>.Shared.Rent(InputBytes + _keptInput.Length);
            try
            {
                _keptInput.CopyTo(buffer, 0);
                var kept = _keptInput.Length;
                do
                {
                    var got = await _socket.Input.ReadAsync(buffer.AsMemory(kept, buffer.Length - kept), ct);
                    if (got == 0)
                    {
                        _saidGoodbye = true;
                        _viewer.End(ViewerEnd.ViewerWentAway, "");
                        return;
                    }
                    _viewer.Received(got);
                    kept = await TakeAsync(buffer, kept, got, ct);
                    if (kept < 0)
                        return;
                    if (got < InputBytes / 2)
                        break;
                }
                while (true);
                _keptInput = kept == 0 ? [] : buffer.AsSpan(0, kept).ToArray();
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    /// <summary>Unwraps what arrived behind the kept bytes and hands it on.</summary>
    /// <returns>Bytes that are kept at the front for the next time; negative when it is over.</returns>
    private async ValueTask<int> TakeAsync(byte[] buffer, int kept, int got, CancellationToken ct)
    {
        int at = kept, end = kept + got, filled = kept;
        while (true)
        {
            var found = _frames.Decode(buffer.AsSpan(at, end - at), buffer.AsSpan(filled), out var taken, out var written);
            at += taken;
            filled += written;
            if (_viewer.Ended.IsCompleted && found is FrameEvent.Note or FrameEvent.Ping or FrameEvent.Pong)
                continue;
            switch (found)
            {
                case FrameEvent.Data:
                    continue;
                case FrameEvent.NeedMore:
                    return await MessagesAsync(buffer, filled, ct);
                case FrameEvent.Note:
                    if (QualityNote.Read(_frames.Control.Span) is { } keep)
                    {
                        await FixQualityAsync(keep, ct);
                    }
                    else if (_watermark is null || !_watermark.Heard(_frames.Control.Span))
                    {
                        _viewer.End(ViewerEnd.ProtocolError, "A note could not be read.");
                        return -1;
                    }
                    break;
                case FrameEvent.Ping:
                    await _socket.SendSmallAsync(_frames.Control.ToArray(), 10, ct);
                    break;
                case FrameEvent.Pong:
                    await PongReceivedAsync(_frames.Control.Span, ct);
                    break;
                case FrameEvent.Close:
                    _saidGoodbye = true;
                    _viewer.End(ViewerEnd.LeftPolitely, "Goodbye.");
                    return -1;
                default:
                    _viewer.End(ViewerEnd.ProtocolError, _frames.Problem);
                    return -1;
            }
        }
    }

    private async ValueTask<int> MessagesAsync(byte[] buffer, int filled, CancellationToken ct)
    {
        if (_viewer.Ended.IsCompleted)
            return 0; // whoever is out types no more, also while their page does not know it yet
        if (_handshake is not null)
        {
            var taken = await ShakeHandsAsync(buffer.AsMemory(0, filled), ct);
            if (taken < 0)
                return -1;
            buffer.AsSpan(taken, filled - taken).CopyTo(buffer);
            filled -= taken;
            if (_handshake is not null)
                return filled;
        }
        await _up.WaitAsync(ct);
        StreamStep step;
        try
        {
            _client.ExtendedPointer = _server.ExtendedPointer;
            _client.PointerArea = Volatile.Read(ref _guardsPointer) ? _guard?.AreaOf(_server.Width, _server.Height) : null;
            while (true)
            {
                var format = _client.Format;
                step = _client.Process(buffer.AsSpan(0, filled), _upstream is not null);
                if (_client.Format is { } newer && newer != format)
                    Volatile.Write(ref _newFormat, new(newer));
                if (step.Relay > 0 && _upstream is { } upstream)
                    await SendUpAsync(upstream, buffer.AsMemory(0, step.Relay), ct);
                if (_client.Released.IsEmpty)
                    break;
                if (_upstream is { } open)
                    await SendUpAsync(open, _client.Released, ct);
                filled = step.Keep;
                buffer.AsSpan(step.Relay, filled).CopyTo(buffer);
            }
        }
        finally
        {
            _up.Release();
        }
        if (_client.Error.Fault != RfbFault.None)
        {
            _viewer.End(ViewerEnd.ProtocolError, _client.Error.ToString());
            return -1;
        }
        _viewer.MessagesIn = _client.Messages;
        NoticeInput();
        buffer.AsSpan(step.Relay, step.Keep).CopyTo(buffer);
        return step.Keep;
    }

    private async ValueTask<int> ShakeHandsAsync(ReadOnlyMemory<byte> input, CancellationToken ct)
    {
        var answer = new ArrayBufferWriter<byte>(16);
        var taken = _handshake!.Feed(input.Span, answer);
        if (_handshake.Error.Fault != RfbFault.None)
        {
            _viewer.End(ViewerEnd.ProtocolError, _handshake.Error.ToString());
            return -1;
        }
        if (answer.WrittenCount > 0)
            await _socket.SendSmallAsync(answer.WrittenMemory, 2, ct);
        if (_handshake.Done)
        {
            _handshake = null;
            _socket.GoDirect(); // ClientInit answers our last word, so all of it has left the pipe
            // The way alone, while nothing else is on it: what later takes longer lay behind pictures.
            await _socket.PingAsync(_surroundings.Clock.GetTimestamp(), ct);
            _shaken.TrySetResult();
        }
        return taken;
    }

    private async ValueTask SendUpAsync(Stream upstream, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        if (!await TellDisplayAsync(upstream, bytes, ct))
            _client.Interrupt();
    }

    /// <summary>Under the lock. False when the display is going: its loop notices by itself, the viewer stays, and the next display is told the same.</summary>
    private static async ValueTask<bool> TellDisplayAsync(Stream upstream, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        try
        {
            await upstream.WriteAsync(bytes, ct);
            return true;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or System.Net.Sockets.SocketException)
        {
            return false;
        }
    }

    private void NoticeInput()
    {
        if (_client.Inputs != _inputsSeen)
        {
            _inputsSeen = _client.Inputs;
            if (_session.ShouldTellInput(_surroundings.Clock.GetTimestamp(), (long)(_times.InputPause.TotalSeconds * _surroundings.Clock.TimestampFrequency)))
                _surroundings.InputSeen();
        }
        if (_client.Outside != _outsideSeen)
        {
            _outsideSeen = _client.Outside;
            _guard?.PointedOutside();
        }
        if (_client.Pastes != _pastesSeen)
        {
            _surroundings.Pasted?.Invoke(_client.PasteBytes - _pasteBytesSeen);
            (_pastesSeen, _pasteBytesSeen) = (_client.Pastes, _client.PasteBytes);
        }
        if (_client.Presses == _pressesSeen)
            return;
        _surroundings.PressesSeen((int)(_client.Presses - _pressesSeen));
        _pressesSeen = _client.Presses;
        if (_session.Phase is SessionPhase.Freezing or SessionPhase.Frozen or SessionPhase.Hibernating or SessionPhase.Hibernated)
            _surroundings.Pressed();
    }
}
