using System.Diagnostics;
using StreamSpace.Contracts.Dlp;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Rfb;
using StreamSpace.Rfb.Messages;
using StreamSpace.Streaming.Protection;

namespace StreamSpace.Streaming.Relay;

/// <summary>
/// Relays between one viewer's socket and the session's display, which may go and come again behind it (docs/adr/0007-held-socket.md).
/// Map: (1) both handshakes at once, <see cref="OpenDisplayAsync"/> waits for a running session; (2) ServerInit, both directions run;
/// (3) the display ends, or is about to: detached at a message boundary, the socket is held; (4) again <see cref="OpenDisplayAsync"/>, then
/// <see cref="SpliceAsync"/>; (5) whoever ends the viewer first says why, and that becomes the close frame; what it sends from then on is
/// thrown away, until it has answered that frame.
/// Two loops: Incoming reads the viewer, Display reads the display. What both need (the upstream, the viewer's remembered wishes) is behind <see cref="_up"/>.
/// </summary>
internal sealed partial class ViewerRelay
{
    private readonly Viewer _viewer;
    private readonly ViewerSocket _socket;
    private readonly SessionWatch _session;
    private readonly RelaySurroundings _surroundings;
    private readonly RelayTimes _times;
    private readonly ClientStream _client = new();
    private readonly ServerStream _server = new() { WithoutSound = true };
    private readonly SemaphoreSlim _up = new(1, 1);
    private readonly TaskCompletionSource _shaken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _over;
    private volatile StreamGuard? _guard; // made with the first policy that applies: most viewers never have one
    private volatile WatermarkKeeper? _watermark;
    private bool _guardsPointer;
    private bool _soundless;
    private Stream? _upstream;
    private Task? _incoming;
    private bool _told;
    private long _pingedAt;
    private long _answeredAt;
    private long _fencedAt;

    public ViewerRelay(Viewer viewer, ViewerSocket socket, SessionWatch session, RelaySurroundings surroundings, RelayTimes times)
    {
        (_viewer, _socket, _session, _surroundings, _times) = (viewer, socket, session, surroundings, times);
        _over = CancellationTokenSource.CreateLinkedTokenSource(socket.Aborted);
        _client.Rights = Rights(viewer.Level);
        _frames = new(socket.Notes);
        _answeredAt = surroundings.Clock.GetTimestamp();
    }

    /// <summary>Another display than the first one stands behind the viewer.</summary>
    private bool Resumed { get; set; }

    /// <summary>Where this viewer's pointer was last; null before it moved.</summary>
    public (int X, int Y)? Pointed => _client.Pointed;

    public static ViewerRights Rights(AccessLevel level) => level switch
    {
        AccessLevel.Control => ViewerRights.Control,
        AccessLevel.Collaborate => ViewerRights.Collaborate,
        _ => ViewerRights.View,
    };

    /// <summary>Applies the viewer's present level; from the next message on.</summary>
    public void ApplyLevel() => _client.Rights = Rights(_viewer.Level);

    /// <summary>Applies a data protection policy, or none; from the next message on. Without one nothing is looked at. One call at a time.</summary>
    public void ApplyPolicy(StreamPolicy? policy)
    {
        if (_guard is null && policy is not null && _surroundings.Protection is { } protection)
        {
            _guard = new(_viewer, protection, _surroundings.Clock);
            _watermark = new(_viewer, _socket, _guard, _surroundings.Clock, _times);
        }
        if (_guard is not { } guard)
            return;
        guard.Policy = policy;
        _client.CutTexts = guard.GateFor(DlpChannel.ClipboardIn);
        _server.CutTexts = guard.GateFor(DlpChannel.ClipboardOut);
        _client.MayPress = policy?.KeysPerSecond.Value is null && policy?.KeysWarnAt?.Value is null ? null : guard.MayPress;
        Volatile.Write(ref _soundless, policy?.Audio.Value == false);
        Volatile.Write(ref _guardsPointer, policy?.VisibleRegion.Value is not null);
        _watermark?.Follow(policy?.Watermark);
        if (_shaken.Task.IsCompleted)
            _ = KeepWatermarkAsync();
    }

    /// <summary>Runs until the viewer is over, and tells it the reason. <see cref="GoodbyeAsync"/> follows.</summary>
    public async Task<ViewerEnd> RunAsync()
    {
        using var gone = _over.Token.Register(() => _viewer.End(ViewerEnd.ViewerWentAway, ""));
        _incoming = Guarded(IncomingAsync, _socket.Aborted);
        var display = Guarded(DisplayAsync, _over.Token);
        var following = Guarded(FollowPhaseAsync, _over.Token);
        var (end, sentence) = await _viewer.Ended;
        if (end != ViewerEnd.ViewerWentAway)
            _told = await _socket.CloseAsync(end.CloseCode(), sentence, _times.ClosePatience);
        await _over.CancelAsync();
        await (Interlocked.Exchange(ref _upstream, null)?.DisposeAsync() ?? ValueTask.CompletedTask);
        await Task.WhenAll(display, following);
        _guard?.Close();
        return end;
    }

    /// <summary>Waits a moment for a viewer that was told to answer the close frame, so that it has read it. Then the connection may be cut.</summary>
    public async Task GoodbyeAsync()
    {
        if (!_told || _incoming is not { } incoming || await Task.WhenAny(incoming, Task.Delay(_times.GoodbyePatience, _socket.Aborted)) != incoming)
            return;
        await incoming;
        if (!_saidGoodbye)
            await _socket.DrainAsync(_times.ClosePatience);
    }

    /// <summary>Called every few seconds: pings, measures, notices a viewer that answers no more.</summary>
    public async Task ProbeAsync(TimeSpan pingEvery, TimeSpan silentFor)
    {
        var clock = _surroundings.Clock;
        if (clock.GetElapsedTime(Interlocked.Read(ref _answeredAt)) > silentFor || _socket.StuckFor > silentFor)
            _viewer.End(ViewerEnd.NoAnswer, "The viewer did not answer any more.");
        if (!_shaken.Task.IsCompleted)
            return;
        await TuneAsync();
        if (_pingedAt == 0 || clock.GetElapsedTime(_pingedAt) >= pingEvery)
        {
            _pingedAt = clock.GetTimestamp();
            await _socket.PingAsync(_pingedAt, _over.Token);
            await FenceAsync();
        }
        await KeepWatermarkAsync();
    }

    private async Task KeepWatermarkAsync()
    {
        if (_watermark is not { } watermark)
            return;
        try
        {
            await watermark.KeepAsync(_over.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or InvalidOperationException or ViewerGone)
        {
            // The viewer ended in this moment.
        }
    }

    /// <summary>At the very end. Not IDisposable: the sweeper may hold the relay for a moment longer.</summary>
    public void Release()
    {
        _over.Dispose();
        _up.Dispose();
    }

    /// <summary>A loop that fails ends the viewer; whose fault it was is told by the loop itself, so what is left here is a lost connection.</summary>
    private async Task Guarded(Func<CancellationToken, Task> loop, CancellationToken ct)
    {
        try
        {
            await loop(ct);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or System.Net.Sockets.SocketException or InvalidOperationException or ViewerGone)
        {
            _viewer.End(ViewerEnd.ViewerWentAway, "");
        }
        catch (Exception)
        {
            _viewer.End(ViewerEnd.Resume, "The stream met an error in the server and starts again.");
            throw;
        }
    }

    /// <summary>Input must not pile up in front of a frozen display, and a display that is about to end is left between two messages.</summary>
    private async Task FollowPhaseAsync(CancellationToken ct)
    {
        while (true)
        {
            var (facts, changed) = _session.Now;
            var paused = facts.Phase is SessionPhase.Freezing or SessionPhase.Frozen;
            if (paused != _client.Paused)
            {
                _client.Paused = paused;
                Interlocked.Exchange(ref _fencedAt, 0); // an echo that waited for the thaw is no latency
                if (paused)
                    _viewer.DisplayLatency = null;
            }
            if (IsEnding(facts.Phase) && _leave is { } leave)
                await leave.CancelAsync();
            await changed.WaitAsync(ct);
        }
    }

    private static bool IsEnding(SessionPhase phase) => phase is SessionPhase.Hibernating or SessionPhase.Terminating;

    /// <summary>A fence through the display and back: the way, and how long the display lets messages lie.</summary>
    private async Task FenceAsync()
    {
        if (_upstream is null || _client.Paused || !_server.Fences || _server.Echo != 0 || !await _up.WaitAsync(0))
            return;
        try
        {
            if (_upstream is not { } upstream || !_client.AtBoundary)
                return;
            var stamp = _surroundings.Clock.GetTimestamp();
            Interlocked.Exchange(ref _fencedAt, stamp);
            _server.Echo = (ulong)stamp | 1; // never zero
            var fence = new byte[17];
            fence[0] = ClientMessageType.Fence;
            fence[4] = 0x80;
            fence[8] = 8;
            System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(fence.AsSpan(9), _server.Echo);
            await TellDisplayAsync(upstream, fence, _over.Token);
        }
        finally
        {
            _up.Release();
        }
    }

    private void FenceEchoed()
    {
        var sent = Interlocked.Exchange(ref _fencedAt, 0);
        if (sent == 0)
            return;
        var took = _surroundings.Clock.GetElapsedTime(sent);
        _viewer.DisplayLatency = took.TotalMilliseconds;
        _surroundings.Metrics.DisplayLatency(took.TotalSeconds);
    }

    private ValueTask PongReceivedAsync(ReadOnlySpan<byte> payload, CancellationToken ct)
    {
        Interlocked.Exchange(ref _answeredAt, _surroundings.Clock.GetTimestamp());
        if (payload.Length != 8)
            return ValueTask.CompletedTask;
        var stamp = System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(payload);
        var took = _surroundings.Clock.GetElapsedTime(stamp);
        if (took < TimeSpan.Zero || took > TimeSpan.FromMinutes(5))
            return ValueTask.CompletedTask; // not a stamp of ours
        _watermark?.Ponged(stamp);
        _viewer.ClientLatency = took.TotalMilliseconds;
        if (stamp == _pingedAt) // the others were sent to measure the line under load
            _surroundings.Metrics.ClientLatency(took.TotalSeconds);
        return LineAnsweredAsync(stamp, took, ct);
    }
}
