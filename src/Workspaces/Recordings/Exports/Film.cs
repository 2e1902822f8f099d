using System.Runtime.InteropServices;
using StreamSpace.Rfb;
using StreamSpace.Rfb.Pictures;
using StreamSpace.Rfb.Recording;

namespace StreamSpace.Recordings.Exports;

/// <summary>
/// Plays segments one behind the other, as the player does, and writes a picture for each frame's time. Pictures of another size than the film's are put in its middle, made smaller where
/// they do not fit. What a segment shows before its first whole picture is the last one of the segment before. Memory: one film's picture, one decoder's, one segment.
/// </summary>
internal sealed class Film(int width, int height, int framesPerSecond, bool skipIdle, Stream pictures)
{
    private readonly byte[] _frame = new byte[width * height * 4];
    private (int Width, int Height) _shown;
    private long _clock;
    private long _next;
    private int _still;

    /// <summary>Pictures written.</summary>
    public long Frames { get; private set; }

    /// <summary>Segments that could not be read to their end.</summary>
    public int Damaged { get; private set; }

    /// <summary>How long what was written plays.</summary>
    public long DurationMs => Frames * 1000 / framesPerSecond;

    /// <summary>Plays one segment for so long as the recording says; null for one that is gone.</summary>
    public async Task PlayAsync(byte[]? segment, long durationMs, CancellationToken ct)
    {
        var begin = _clock;
        var whole = segment is not null && await DecodeAsync(new SegmentReader(segment), begin, begin + durationMs, ct);
        if (!whole)
            Damaged++;
        _clock = begin + durationMs;
        await WriteUntilAsync(_clock, ct);
    }

    private async Task<bool> DecodeAsync(SegmentReader reader, long begin, long end, CancellationToken ct)
    {
        PictureDecoder? decoder = null;
        try
        {
            var displays = 0;
            while (reader.TryRead(out var chunk))
            {
                if (chunk.Kind != ChunkKind.Display || displays++ == 0) // the first is ServerInit, which the header repeats
                    continue;
                decoder ??= DecoderOf(reader.Header!);
                await WriteUntilAsync(Math.Min(begin + chunk.Time, end), ct);
                if (!Feed(decoder, chunk.Content.Span))
                    return false;
            }
            return reader.Error.Fault == SegmentFault.None;
        }
        finally
        {
            decoder?.Dispose();
        }
    }

    private static PictureDecoder DecoderOf(SegmentHeader header)
    {
        var format = header.PixelFormat;
        return new(header.Width, header.Height, new(
            (byte)format.BitsPerPixel, (byte)format.Depth, format.BigEndian, true, 255, 255, 255, (byte)format.RedShift, (byte)format.GreenShift, (byte)format.BlueShift));
    }

    private bool Feed(PictureDecoder decoder, ReadOnlySpan<byte> bytes)
    {
        var before = decoder.Updates;
        while (!bytes.IsEmpty && decoder.Error.Fault == RfbFault.None)
            bytes = bytes[decoder.Feed(bytes).Taken..];
        if (decoder.Updates > before)
            Show(decoder.Picture);
        return decoder.Error.Fault == RfbFault.None;
    }

    private void Show(Picture picture)
    {
        if (picture.Damage.IsEmpty && _shown == (picture.Width, picture.Height))
            return;
        picture.Damage.Clear();
        var fits = picture.Width <= width && picture.Height <= height;
        var drawn = fits ? picture : Thumbnail.Of(picture, width, height);
        var frame = MemoryMarshal.Cast<byte, int>(_frame.AsSpan());
        var changed = _shown != (picture.Width, picture.Height);
        if (changed)
            frame.Clear();
        _shown = (picture.Width, picture.Height);
        var (left, top) = ((width - drawn.Width) / 2, (height - drawn.Height) / 2);
        for (var y = 0; y < drawn.Height; y++)
        {
            var row = drawn.Pixels.Slice(y * drawn.Width, drawn.Width);
            var there = frame.Slice(((top + y) * width) + left, drawn.Width);
            if (row.SequenceEqual(there))
                continue;
            row.CopyTo(there);
            changed = true;
        }
        if (changed) // a segment's first picture repeats what was there
            _still = 0;
    }

    /// <summary>Writes the frames whose time is before this; of a stretch without change only the first second, when idle time is skipped.</summary>
    private async Task WriteUntilAsync(long ms, CancellationToken ct)
    {
        for (; _next * 1000 / framesPerSecond < ms; _next++)
        {
            if (skipIdle && _still++ >= framesPerSecond)
                continue;
            await pictures.WriteAsync(_frame, ct);
            Frames++;
        }
    }
}
