using System.Buffers.Binary;
using StreamSpace.Rfb;
using StreamSpace.Streaming.Quality;

namespace StreamSpace.Streaming.Relay;

/// <content>
/// The quality of the picture, and figures of the line. (1) Pings behind larger pictures tell how long they lie on the way; (2) once a second the ladder
/// decides; (3) the display is asked by a SetEncodings like the viewer's own, between two of its messages, with other levels; (4) a still picture is asked for once at
/// its best, and when it has come the levels go back. A viewer that names no JPEG level, or says that it keeps its own, is left alone and costs nothing.
/// </content>
internal sealed partial class ViewerRelay
{
    private const int BurstBytes = 16 * 1024;
    private const long WorthMending = 64 * 64;
    private static readonly TimeSpan NeverSeen = TimeSpan.FromMinutes(5);
    private LineGauge? _gauge;
    private QualityLadder? _ladder;
    private int _unmeasured;
    private bool _fixedQuality;
    private bool _sharpen;
    private bool _restate;
    private long _sharpenedAt = -1;
    private long _jpegs;
    private long _shortestWay = NeverSeen.Ticks;
    private (long At, long Sent, long Updates) _looked;

    private TimeSpan ShortestWay => TimeSpan.FromTicks(Interlocked.Read(ref _shortestWay));

    private bool FollowsLine => !Volatile.Read(ref _fixedQuality) && _client.OfferedQuality > _times.LowestQuality;

    /// <summary>(1) Behind a picture that was just sent.</summary>
    private async ValueTask MeasureLineAsync(CancellationToken ct)
    {
        _unmeasured = 0;
        if (!FollowsLine)
            return;
        var gauge = _gauge ??= new(_surroundings.Clock);
        gauge.Owes = true;
        await SettleLineAsync(gauge, ct);
    }

    /// <summary>A ping behind all that was sent, unless one is on its way or was a moment ago: then the next pong, or the next second, comes back to it.</summary>
    private async ValueTask SettleLineAsync(LineGauge gauge, CancellationToken ct)
    {
        // Never behind a picture that is stuck: whoever calls has keys to pass on.
        if (!gauge.Owes || _socket.IsSending || !gauge.Due)
            return;
        var payload = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(payload, gauge.Start());
        await _socket.SendSmallAsync(payload, 9, ct);
    }

    private ValueTask LineAnsweredAsync(long stamp, TimeSpan took, CancellationToken ct)
    {
        if (took.Ticks < Interlocked.Read(ref _shortestWay))
            Interlocked.Exchange(ref _shortestWay, took.Ticks);
        if (_gauge is not { } gauge)
            return ValueTask.CompletedTask;
        gauge.Answered(stamp, took, ShortestWay);
        return SettleLineAsync(gauge, ct);
    }

    /// <summary>The viewer says whether its quality is its own choice or follows its line.</summary>
    private async ValueTask FixQualityAsync(bool keep, CancellationToken ct)
    {
        await _up.WaitAsync(ct);
        try
        {
            Volatile.Write(ref _fixedQuality, keep);
            _ladder = null;
            var replaced = _client.Quality is not null || _client.Compression is not null;
            (_client.Quality, _client.Compression, _sharpen, _sharpenedAt) = (null, null, false, -1);
            _restate |= replaced;
            if (_restate && _client.AtBoundary && _upstream is { } upstream)
            {
                _restate = false;
                await AskAsync(upstream, whole: false, ct);
            }
        }
        finally
        {
            _up.Release();
        }
        TellQuality();
    }

    /// <summary>(2) Once a second.</summary>
    private async Task TuneAsync()
    {
        var clock = _surroundings.Clock;
        var (now, sent, updates) = (clock.GetTimestamp(), _viewer.BytesOut, _viewer.Updates);
        var before = _looked;
        var seconds = clock.GetElapsedTime(before.At, now).TotalSeconds;
        if (before.At != 0 && seconds < 0.5)
            return;
        _looked = (now, sent, updates);
        _viewer.FramesPerSecond = before.At == 0 ? 0 : (float)((updates - before.Updates) / seconds);
        _viewer.BytesPerSecond = before.At == 0 ? 0 : (float)((sent - before.Sent) / seconds);
        if (_gauge is { } gauge && FollowsLine && _upstream is not null && !_client.Paused)
        {
            Follow(gauge, sent - before.Sent);
            await SettleLineAsync(gauge, _over.Token);
        }
        if (_ladder is not null || _restate)
            await TurnAsync();
        TellQuality();
    }

    private void Follow(LineGauge gauge, long bytes)
    {
        var ladder = _ladder;
        if (ladder is null || ladder.Best != _client.OfferedQuality)
            _ladder = ladder = new(_client.OfferedQuality!.Value, _client.OfferedCompression, _times.LowestQuality);
        if (_sharpenedAt >= 0 && _server.Updates > _sharpenedAt)
        {
            _sharpenedAt = -1;
            _jpegs = _server.JpegRectangles; // those were good ones
            gauge.StartOver(); // that it took its time tells nothing of moving pictures
        }
        var (lag, draining) = gauge.Take(ShortestWay, _socket.StuckFor);
        if (lag is { } lay)
            _surroundings.Metrics.Lagged(lay.TotalSeconds);
        if (_sharpenedAt >= 0)
            return;
        var jpegs = _server.JpegRectangles;
        var move = ladder.Look(new(lag, draining, !gauge.Owes, bytes, jpegs > _jpegs, _server.LossyPixels > WorthMending));
        _jpegs = jpegs;
        if (move == QualityMove.Stay)
            return;
        _sharpen = move == QualityMove.Sharpen;
        _surroundings.Metrics.QualityChanged(move switch { QualityMove.Up => "up", QualityMove.Down => "down", _ => "sharp" });
        gauge.StartOver();
    }

    /// <summary>(3), (4) Brings the display to what the ladder says. Where it is busy now it is tried again in a second.</summary>
    private async Task TurnAsync()
    {
        if (!await _up.WaitAsync(0))
            return;
        try
        {
            if (_upstream is not { } upstream || !_client.AtBoundary)
                return;
            var whole = _sharpen;
            (int? Quality, int? Compression) wanted = whole || _sharpenedAt >= 0 || _ladder is not { Step: > 0 } ladder ? (null, null) : ladder.Now;
            if (!whole && !_restate && wanted == (_client.Quality, _client.Compression))
                return;
            _restate = false;
            (_client.Quality, _client.Compression) = wanted;
            if (whole)
            {
                _server.ForgetLossy();
                (_sharpen, _sharpenedAt) = (false, _server.Updates);
            }
            await AskAsync(upstream, whole, _over.Token);
        }
        finally
        {
            _up.Release();
        }
    }

    /// <summary>Under the lock: the encodings, and if wanted the whole picture.</summary>
    private async ValueTask AskAsync(Stream upstream, bool whole, CancellationToken ct)
    {
        var message = new byte[4 + (4 * _client.Encodings.Length) + 10];
        var length = _client.WriteEncodings(message);
        if (whole)
        {
            message[length] = ClientMessageType.FramebufferUpdateRequest;
            WriteArea(message.AsSpan(length + 2));
            length += 10;
        }
        await TellDisplayAsync(upstream, message.AsMemory(0, length), ct);
    }

    private void TellQuality()
    {
        if (_client.OfferedQuality is not { } best)
        {
            _viewer.Quality = null;
            return;
        }
        PictureQuality quality = new(!Volatile.Read(ref _fixedQuality), _client.Quality ?? best, best);
        if (quality != _viewer.Quality)
            _viewer.Quality = quality;
    }
}
