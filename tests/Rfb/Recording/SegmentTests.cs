using System.Security.Cryptography;
using StreamSpace.Rfb.Recording;

namespace StreamSpace.Rfb.Tests.Recording;

public sealed class SegmentTests
{
    private static readonly DateTimeOffset Start = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);

    [Fact]
    public void What_was_written_is_read_with_its_times()
    {
        var reader = new SegmentReader(Segment(1, null, out var digest));
        var chunks = new List<Chunk>();
        while (reader.TryRead(out var chunk))
            chunks.Add(chunk);

        Assert.Equal(SegmentFault.None, reader.Error.Fault);
        Assert.Equal([ChunkKind.Header, ChunkKind.Display, ChunkKind.Display, ChunkKind.Event, ChunkKind.Tick, ChunkKind.Event, ChunkKind.Display, ChunkKind.Tick, ChunkKind.Index, ChunkKind.End], chunks.Select(c => c.Kind));
        Assert.Equal([0u, 0, 40, 900, 1500, 2100, 2200, 2500, 2500, 2500], chunks.Select(c => c.Time));
        Assert.Equal([1, 2, 3, 4, 5], chunks[2].Content.ToArray());
        Assert.Equal("r", reader.Header!.Recording);
        Assert.Equal(2500, reader.Index!.DurationMs);
        Assert.Equal(24 + 5 + 3, reader.Index.DisplayBytes);
        Assert.Equal([29, 0, 3], reader.Index.Activity);
        Assert.Equal([7, 0, 0], reader.Index.Input);
        Assert.Equal([("input", 900L, chunks[3].Offset), ("viewer.went", 2100L, chunks[5].Offset)], reader.Index.Events.Select(e => (e.Type, e.At, e.Offset)));
        Assert.Equal("stopped", reader.End!.Reason);
        Assert.Equal(digest, reader.Digest);
    }

    [Fact]
    public void A_file_torn_at_any_byte_plays_up_to_its_last_whole_chunk_and_can_be_closed()
    {
        var whole = Segment(1, null, out _);
        var ends = Ends(whole);
        for (var length = 0; length < whole.Length; length++)
        {
            var reader = new SegmentReader(whole.AsMemory(0, length));
            var read = 0;
            while (reader.TryRead(out _))
                read++;
            Assert.Equal(SegmentFault.Torn, reader.Error.Fault);
            Assert.Equal(ends.Count(e => e <= length), read);
            if (read == 0 || reader.Index is not null)
                continue;

            var closing = SegmentWriter.After(reader);
            closing.Close(TimeSpan.FromMilliseconds(reader.DurationMs), "recovered");
            var mended = new SegmentReader(whole.AsSpan(0, (int)reader.Offset).ToArray().Concat(closing.Pending.ToArray()).ToArray());
            while (mended.TryRead(out _))
            {
            }
            Assert.Equal(SegmentFault.None, mended.Error.Fault);
            Assert.Equal("recovered", mended.End!.Reason);
            Assert.Equal(closing.Digest, mended.Digest);
        }
    }

    [Fact]
    public void A_flipped_bit_in_any_byte_is_found_at_its_chunk()
    {
        var whole = Segment(1, null, out _);
        var ends = Ends(whole);
        for (var at = 0; at < whole.Length; at++)
        {
            foreach (var bit in (byte[])[1, 16, 128])
            {
                whole[at] ^= bit;
                var report = new RecordingVerifier().Add(whole);
                whole[at] ^= bit;
                Assert.False(report.Whole);
                Assert.Equal(at < SegmentFormat.Magic.Length ? 0 : ends.Where(e => e <= at).DefaultIfEmpty(SegmentFormat.Magic.Length).Max(), report.Error.Offset);
            }
        }
    }

    [Fact]
    public void Segments_that_follow_each_other_are_whole_and_others_are_not()
    {
        var first = Segment(1, null, out var digest);
        var second = Segment(2, digest, out var secondDigest);
        var third = Segment(3, secondDigest, out _);

        Assert.Equal([SegmentFault.None, SegmentFault.None, SegmentFault.None], Verify(first, second, third));
        Assert.Equal([SegmentFault.None, SegmentFault.None], Verify(second, third));
        Assert.Equal([SegmentFault.None, SegmentFault.ChainBroken], Verify(first, third));
        Assert.Equal([SegmentFault.None, SegmentFault.ChainBroken], Verify(first, Segment(2, new string('0', 64), out _)));
        Assert.Equal([SegmentFault.ChainBroken], Verify(Segment(1, digest, out _)));
        Assert.Equal([SegmentFault.ChainBroken], Verify(Segment(2, null, out _)));
    }

    [Fact]
    public void Bytes_behind_the_end_are_found()
    {
        var report = new RecordingVerifier().Add(new byte[][] { Segment(1, null, out _), [0] }.SelectMany(b => b).ToArray());
        Assert.Equal(SegmentFault.BehindTheEnd, report.Error.Fault);
    }

    [Fact]
    public void Hostile_bytes_are_answered_with_an_error_and_little_memory()
    {
        var random = new Random(4711);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = new byte[random.Next(400)];
            random.NextBytes(bytes);
            SegmentFormat.Magic[..Math.Min(bytes.Length, random.Next(9))].CopyTo(bytes);
            if (bytes.Length > 20 && i % 3 == 0)
                bytes[8] = (byte)'H';
            Assert.False(new RecordingVerifier().Add(bytes).Whole);
        }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 40_000_000);
    }

    [Fact]
    public void Many_bytes_are_cut_into_chunks_and_events_are_bounded()
    {
        var writer = new SegmentWriter(Header(1, null));
        var bytes = RandomNumberGenerator.GetBytes((2 * SegmentFormat.MostDisplayBytes) + 17);
        writer.Display(TimeSpan.Zero, bytes);
        for (var i = 0; i < SegmentFormat.MostEvents + 5; i++)
            writer.Event(TimeSpan.FromSeconds(i), new("input", Presses: 1));
        writer.Close(TimeSpan.FromSeconds(1), "stopped");
        var reader = new SegmentReader(writer.Pending);
        var read = new List<byte>();
        while (reader.TryRead(out var chunk))
        {
            if (chunk.Kind == ChunkKind.Display)
                read.AddRange(chunk.Content.Span);
        }
        Assert.Equal(SegmentFault.None, reader.Error.Fault);
        Assert.Equal(bytes, read);
        Assert.Equal(5, reader.Index!.EventsLeftOut);
        Assert.Equal(SegmentFormat.MostSeconds, reader.Index.Activity.Count);
    }

    private static SegmentFault[] Verify(params byte[][] segments)
    {
        var verifier = new RecordingVerifier();
        return [.. segments.Select(s => verifier.Add(s).Error.Fault)];
    }

    private static List<int> Ends(byte[] whole)
    {
        var reader = new SegmentReader(whole);
        var ends = new List<int>();
        while (reader.TryRead(out _))
            ends.Add((int)reader.Offset);
        return ends;
    }

    private static SegmentHeader Header(int number, string? previous) => new(1, "r", "s", number, Start, 64, 48, RecordedFormat.Of(PixelFormat.Bgrx), previous);

    private static byte[] Segment(int number, string? previous, out string digest)
    {
        var writer = new SegmentWriter(Header(number, previous));
        writer.Display(TimeSpan.Zero, new byte[24]);
        writer.Display(TimeSpan.FromMilliseconds(40), [1, 2, 3, 4, 5]);
        writer.Event(TimeSpan.FromMilliseconds(900), new("input", User: "u", Presses: 7));
        writer.Tick(TimeSpan.FromMilliseconds(1500));
        writer.Event(TimeSpan.FromMilliseconds(2100), new("viewer.went", User: "u"));
        writer.Display(TimeSpan.FromMilliseconds(2200), [6, 7, 8]);
        writer.Close(TimeSpan.FromMilliseconds(2500), "stopped");
        digest = writer.Digest;
        return writer.Pending.ToArray();
    }
}
