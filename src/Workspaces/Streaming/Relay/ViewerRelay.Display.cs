using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Rfb;
using StreamSpace.Rfb.Handshakes;
using StreamSpace.Rfb.Messages;

namespace StreamSpace.Streaming.Relay;

/// <content>From the display: opening, relaying, leaving, splicing.</content>
internal sealed partial class ViewerRelay
{
    private const int SmallBuffer = 16 * 1024;
    private StrongFormat? _newFormat;
    private CancellationTokenSource? _leave;
    private ServerInit? _first;

    private sealed record StrongFormat(PixelFormat Format);

    private async Task DisplayAsync(CancellationToken ct)
    {
        var opening = OpenDisplayAsync(ct);
        if (await Task.WhenAny(_shaken.Task, Task.Delay(_times.ViewerHandshake, _surroundings.Clock, ct)) != _shaken.Task)
        {
            _viewer.End(ViewerEnd.ProtocolError, "The viewer did not finish the RFB handshake in time.");
            return;
        }
        var display = await opening;
        _first = display.Init;
        _server.Start(display.Init);
        await KeepWatermarkAsync(); // before the first picture
        if (_viewer.Ended.IsCompleted)
        {
            await display.Stream.DisposeAsync();
            return;
        }

        // Attached first: the viewer answers ServerInit at once with its formats and its first request, and neither may be lost.
        await AttachAsync(display.Stream, ct);
        var init = display.Init.ToBytes();
        await _socket.SendSmallAsync(init, 2, ct);
        _viewer.Sent(init.Length);
        while (true)
        {
            await RelayAsync(display.Stream, ct);
            await DetachAsync(display.Stream, ct);
            display = await OpenDisplayAsync(ct);
            Resumed = true;
            if (!await SpliceAsync(display, ct))
            {
                await display.Stream.DisposeAsync();
                _viewer.End(ViewerEnd.Resume, "The session's display is back; the picture starts anew.");
                return;
            }
            _surroundings.Metrics.Resumed();
        }
    }

    /// <summary>(1), (4) Waits until the session runs and its display shakes hands. Ends the viewer when that will not happen.</summary>
    private async Task<(Stream Stream, ServerInit Init)> OpenDisplayAsync(CancellationToken ct)
    {
        var attempt = 0;
        long failingSince = 0;
        while (true)
        {
            var (facts, changed) = _session.Now;
            switch (facts.Phase)
            {
                case SessionPhase.Terminating or SessionPhase.Terminated:
                    _viewer.End(ViewerEnd.SessionEnded, "The session has ended.");
                    break;
                case SessionPhase.Failed:
                    _viewer.End(ViewerEnd.DisplayWentAway, facts.Message ?? "The session failed.");
                    break;
                case SessionPhase.Running:
                    try
                    {
                        return await TryOpenAsync(ct);
                    }
                    catch (Exception) when (!ct.IsCancellationRequested)
                    {
                        failingSince = failingSince == 0 ? _surroundings.Clock.GetTimestamp() : failingSince;
                        if (_surroundings.Clock.GetElapsedTime(failingSince) > _times.DisplayPatience)
                            _viewer.End(ViewerEnd.DisplayWentAway, "The session runs, but its display does not answer.");
                        await Task.WhenAny(changed, Task.Delay(TimeSpan.FromMilliseconds(Math.Min(2000, 50 << Math.Min(attempt++, 6))), _surroundings.Clock, ct));
                        ct.ThrowIfCancellationRequested();
                        continue;
                    }
                default:
                    (attempt, failingSince) = (0, 0);
                    break;
            }
            await changed.WaitAsync(ct);
        }
    }

    private async Task<(Stream Stream, ServerInit Init)> TryOpenAsync(CancellationToken ct)
    {
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(ct);
        soon.CancelAfter(_times.DisplayHandshake);
        var (stream, password) = await _surroundings.Open(soon.Token);
        try
        {
            return (stream, await ServerHandshake.RunAsync(stream, password, RfbLimits.Default, soon.Token));
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    private async Task AttachAsync(Stream stream, CancellationToken ct)
    {
        await _up.WaitAsync(ct);
        _upstream = stream;
        _viewer.Held = false;
        _up.Release();
    }

    /// <summary>(3) From here on the viewer's messages are only remembered.</summary>
    private async Task DetachAsync(Stream stream, CancellationToken ct)
    {
        await stream.DisposeAsync(); // first: a write that hangs in it holds the lock
        await _up.WaitAsync(ct);
        _upstream = null;
        _client.Interrupt();
        _viewer.Held = true;
        _viewer.DisplayLatency = null;
        _up.Release();
    }

    /// <summary>(2) Relays until the display ends or is to be left.</summary>
    private async Task RelayAsync(Stream stream, CancellationToken ct)
    {
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(ct);
        _leave = leave;
        if (IsEnding(_session.Phase))
            await leave.CancelAsync();
        byte[] kept = [];
        try
        {
            while (true)
            {
                // Waiting holds no buffer, and between two messages it may be broken off.
                var wait = _server.AtBoundary ? leave.Token : ct;
                await stream.WaitForDataAsync(wait);
                kept = await PieceAsync(stream, kept, wait, ct);
                if (leave.IsCancellationRequested && _server.AtBoundary)
                    return;
            }
        }
        catch (Exception e) when (!ct.IsCancellationRequested && e is DisplayEnded or IOException or ObjectDisposedException or SocketException or OperationCanceledException)
        {
            // Held from here on.
        }
        finally
        {
            _leave = null;
        }
    }

    /// <summary>Relays one piece, as large as it comes.</summary>
    /// <returns>What must stand in front of the next piece; a few bytes.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<byte[]> PieceAsync(Stream stream, byte[] kept, CancellationToken wait, CancellationToken ct)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(SizeFor(stream));
        try
        {
            kept.CopyTo(buffer, ViewerSocket.HeaderSpace);
            var start = ViewerSocket.HeaderSpace + kept.Length;
            var got = await stream.ReadAsync(buffer.AsMemory(start), wait);
            if (got == 0)
                throw new DisplayEnded();
            var keep = await PassOnAsync(buffer, kept.Length + got, ct);
            return keep == 0 ? [] : buffer.AsSpan(ViewerSocket.HeaderSpace, keep).ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>
    /// A burst gets a large buffer, a small change a small one. Waiting for readiness may end without any data; the read then waits itself,
    /// and must not hold much meanwhile.
    /// </summary>
    private int SizeFor(Stream stream) => stream is not NetworkStream { Socket: var socket } ? SmallBuffer : socket.Available switch
    {
        0 => 256,
        < SmallBuffer - 256 => SmallBuffer,
        _ => _times.BufferBytes,
    };

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> PassOnAsync(byte[] buffer, int length, CancellationToken ct)
    {
        if (Interlocked.Exchange(ref _newFormat, null) is { } changed)
            _server.ChangeFormat(changed.Format);
        while (true)
        {
            var step = _server.Process(buffer.AsSpan(ViewerSocket.HeaderSpace, length));
            if (_server.Lost.Fault != RfbFault.None && (_server.CutTexts is not null || Volatile.Read(ref _soundless)))
            {
                // What cannot be followed cannot be looked at, and where somebody wants it looked at it does not pass.
                _viewer.End(ViewerEnd.Resume, "The session's display sent something that could not be inspected; the picture starts anew.");
                throw new DisplayEnded();
            }
            if (_server.Notice != ServerNotice.None)
                await NoticeAsync(_server.Notice, ct);
            if (step.Relay > 0)
            {
                await _socket.SendAsync(buffer, step.Relay, ct);
                _viewer.Sent(step.Relay);
                _viewer.Updates = _server.Updates;
                if ((_unmeasured += step.Relay) >= BurstBytes)
                    await MeasureLineAsync(ct);
            }
            buffer.AsSpan(ViewerSocket.HeaderSpace + step.Relay, step.Keep).CopyTo(buffer.AsSpan(ViewerSocket.HeaderSpace));
            if (_server.Released.IsEmpty)
                return step.Keep;
            await _socket.SendSmallAsync(_server.Released, 2, ct);
            _viewer.Sent(_server.Released.Length);
            length = step.Keep;
        }
    }

    private async ValueTask NoticeAsync(ServerNotice notice, CancellationToken ct)
    {
        if (notice.HasFlag(ServerNotice.FenceEchoed))
            FenceEchoed();
        if ((notice & (ServerNotice.ContinuousUpdatesMissing | ServerNotice.CannotJoin)) != ServerNotice.None)
        {
            _viewer.End(ViewerEnd.Resume, "The session's display is back with other abilities; the picture starts anew.");
            throw new DisplayEnded();
        }
        if (Resumed && (notice & (ServerNotice.ContinuousUpdatesReady | ServerNotice.ResizeReady)) != ServerNotice.None)
            await ReplayAsync(notice, ct);
    }

    /// <summary>What the viewer had asked of the display before, and may ask of this one too.</summary>
    private async ValueTask ReplayAsync(ServerNotice notice, CancellationToken ct)
    {
        await _up.WaitAsync(ct);
        try
        {
            if (_upstream is not { } upstream)
                return;
            if (notice.HasFlag(ServerNotice.ContinuousUpdatesReady) && !_client.ContinuousUpdates.IsEmpty)
                await TellDisplayAsync(upstream, ContinuousUpdatesOn(), ct);
            if (notice.HasFlag(ServerNotice.ResizeReady) && !_client.DesktopSize.IsEmpty && _client.Rights.HasFlag(ViewerRights.Resize))
                await TellDisplayAsync(upstream, _client.DesktopSize, ct);
        }
        finally
        {
            _up.Release();
        }
    }

    /// <summary>
    /// (4) Brings the new display to the state that the viewer believes in, and the viewer to the new size. False when that cannot be exact.
    /// </summary>
    private async Task<bool> SpliceAsync((Stream Stream, ServerInit Init) display, CancellationToken ct)
    {
        if (!_server.AtBoundary)
            return false;
        var (width, height) = (display.Init.Width, display.Init.Height);
        var resized = width != _server.Width || height != _server.Height;
        await _up.WaitAsync(ct);
        try
        {
            if (resized && !_client.Encodings.Span.ContainsAny(RfbEncoding.DesktopSize, RfbEncoding.ExtendedDesktopSize))
                return false;
            var format = _client.Format ?? _first!.Format;
            _server.Resume(width, height, format, !_client.ContinuousUpdates.IsEmpty);
            Volatile.Write(ref _newFormat, null);
            var hello = new byte[20 + 4 + (4 * _client.Encodings.Length) + 10];
            var length = 20;
            format.Write(hello.AsSpan(4));
            length += _client.WriteEncodings(hello.AsSpan(length));
            hello[length] = ClientMessageType.FramebufferUpdateRequest;
            WriteArea(hello.AsSpan(length + 2));
            await display.Stream.WriteAsync(hello.AsMemory(0, length + 10), ct);
            _upstream = display.Stream;
            _viewer.Held = false;
        }
        catch (Exception e) when (!ct.IsCancellationRequested && e is IOException or SocketException)
        {
            // It went again already: the relay loop will see its end and wait for the next.
            _upstream = display.Stream;
        }
        finally
        {
            _up.Release();
        }
        if (resized)
            await TellSizeAsync(ct);
        return true;
    }

    private async Task TellSizeAsync(CancellationToken ct)
    {
        var update = new byte[16];
        update[3] = 1;
        BinaryPrimitives.WriteUInt16BigEndian(update.AsSpan(8), (ushort)_server.Width);
        BinaryPrimitives.WriteUInt16BigEndian(update.AsSpan(10), (ushort)_server.Height);
        BinaryPrimitives.WriteInt32BigEndian(update.AsSpan(12), RfbEncoding.DesktopSize);
        await _socket.SendSmallAsync(update, 2, ct);
        _viewer.Sent(update.Length);
    }

    private byte[] ContinuousUpdatesOn()
    {
        var message = new byte[10];
        message[0] = ClientMessageType.EnableContinuousUpdates;
        message[1] = 1;
        WriteArea(message.AsSpan(2));
        return message;
    }

    /// <summary>The whole picture.</summary>
    private void WriteArea(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt16BigEndian(target[4..], (ushort)_server.Width);
        BinaryPrimitives.WriteUInt16BigEndian(target[6..], (ushort)_server.Height);
    }

    private sealed class DisplayEnded() : Exception("The display ended.");
}
