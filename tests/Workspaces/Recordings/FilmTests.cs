using System.Buffers.Binary;
using System.Security.Cryptography;
using StreamSpace.Recordings.Exports;
using StreamSpace.Rfb;
using StreamSpace.Rfb.Recording;

namespace StreamSpace.Recordings.Tests;

public sealed class FilmTests
{
    private static readonly PixelFormat Rgbx = new(32, 24, false, true, 255, 255, 255, 0, 8, 16);

    [Fact]
    public async Task Frames_come_at_a_constant_rate_and_another_size_is_put_in_the_middle()
    {
        using var pictures = new MemoryStream();
        var film = new Film(4, 4, 10, skipIdle: false, pictures);
        await film.PlayAsync(Segment(4, 4, (0, Raw(4, 4, 0x11)), (500, Raw(4, 4, 0x22))), 1000, default);
        await film.PlayAsync(Segment(2, 2, (200, Raw(2, 2, 0x33))), 400, default);
        await film.PlayAsync(Segment(8, 4, (0, Raw(8, 4, 0x44))), 100, default);
        Assert.Equal((15, 1500L, 0), (film.Frames, film.DurationMs, film.Damaged));
        var frames = pictures.ToArray().Chunk(4 * 4 * 4).Select(f => Enumerable.Range(0, 16).Select(i => f[4 * i] & f[(4 * i) + 1] & f[(4 * i) + 2]).ToArray()).ToList();
        Assert.Equal(15, frames.Count);
        Assert.All(frames[..5], f => Assert.All(f, p => Assert.Equal(0x11, p)));
        Assert.All(frames[5..12], f => Assert.All(f, p => Assert.Equal(0x22, p))); // also until the next segment shows something
        Assert.Equal([0, 0, 0, 0, 0, 0x33, 0x33, 0, 0, 0x33, 0x33, 0, 0, 0, 0, 0], frames[13]);
    }

    [Fact]
    public async Task Of_an_idle_stretch_one_second_is_shown_also_across_segments()
    {
        using var pictures = new MemoryStream();
        var film = new Film(4, 4, 10, skipIdle: true, pictures);
        await film.PlayAsync(Segment(4, 4, (0, Raw(4, 4, 0x11))), 60_000, default);
        await film.PlayAsync(Segment(4, 4, (0, Raw(4, 4, 0x11)), (30_000, Raw(4, 4, 0x22))), 60_000, default);
        Assert.InRange(film.DurationMs, 1900, 2200);
    }

    [Fact]
    public async Task What_is_gone_torn_or_hostile_stands_still_and_is_counted()
    {
        using var pictures = new MemoryStream();
        var film = new Film(4, 4, 10, skipIdle: false, pictures);
        await film.PlayAsync(null, 300, default);
        await film.PlayAsync(Segment(4, 4, (0, Raw(4, 4, 1)))[..^20], 300, default);
        await film.PlayAsync(Segment(4, 4, (0, [9, 9, 9, 9])), 300, default);
        await film.PlayAsync(RandomNumberGenerator.GetBytes(500), 300, default);
        Assert.Equal((12, 4), (film.Frames, film.Damaged));
        Assert.Equal((3840, 2160), FilmSize.For([(9999, 100), (1279, 2159)]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(SealedFile.BlockLength)]
    [InlineData((3 * SealedFile.BlockLength) + 77)]
    public async Task A_sealed_file_is_read_anywhere_and_a_change_or_a_cut_is_found(int length)
    {
        var folder = Directory.CreateTempSubdirectory("sst-sealed-").FullName;
        var (path, key, plain) = (Path.Combine(folder, "f"), RandomNumberGenerator.GetBytes(SealedFile.KeyLength), RandomNumberGenerator.GetBytes(length));
        try
        {
            Assert.Equal(length, await SealedFile.WriteAsync(new MemoryStream(plain), path, key, default));
            Assert.Equal(plain, await AllAsync(path, key));
            await using (var reader = SealedFile.Open(path, key))
            {
                Assert.Equal(length, reader.Length);
                reader.Position = length - 1;
                var last = new byte[2];
                Assert.Equal(1, await reader.ReadAsync(last));
                Assert.Equal(plain[^1], last[0]);
            }
            var stored = await File.ReadAllBytesAsync(path);
            await File.WriteAllBytesAsync(path, stored[..^(Math.Min(stored.Length, stored.Length % (SealedFile.BlockLength + 16) is var rest and > 0 ? rest : SealedFile.BlockLength + 16))]);
            if (length > SealedFile.BlockLength)
                await Assert.ThrowsAnyAsync<CryptographicException>(() => AllAsync(path, key));
            stored[^1] ^= 1;
            await File.WriteAllBytesAsync(path, stored);
            await Assert.ThrowsAnyAsync<CryptographicException>(() => AllAsync(path, key));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<byte[]> AllAsync(string path, byte[] key)
    {
        await using var reader = SealedFile.Open(path, key);
        using var all = new MemoryStream();
        await reader.CopyToAsync(all);
        return all.ToArray();
    }

    private static byte[] Segment(int width, int height, params (int Ms, byte[] Bytes)[] messages)
    {
        var writer = new SegmentWriter(new(SegmentFormat.Version, "r", "s", 1, DateTimeOffset.UnixEpoch, width, height, RecordedFormat.Of(Rgbx)));
        writer.Display(TimeSpan.Zero, new ServerInit((ushort)width, (ushort)height, Rgbx, "d").ToBytes());
        foreach (var (ms, bytes) in messages)
            writer.Display(TimeSpan.FromMilliseconds(ms), bytes);
        writer.Close(TimeSpan.FromMilliseconds(messages[^1].Ms), "stopped");
        return writer.Pending.ToArray();
    }

    [Fact]
    public void The_largest_size_of_a_desktop_is_found_between_its_pictures()
    {
        byte[] resize = [0, 0, 0, 1, 0, 0, 0, 0, 0, 9, 0, 7, 0xff, 0xff, 0xff, 0x21];
        byte[] back = [0, 0, 0, 1, 0, 0, 0, 0, 0, 4, 0, 4, 0xff, 0xff, 0xff, 0x21];
        Assert.Equal((9, 7), FilmSize.Of(Segment(4, 4, (0, Raw(4, 4, 1)), (100, resize[..5]), (100, resize[5..]), (200, Raw(9, 7, 2)), (300, back))));
        Assert.Equal((20, 16), FilmSize.For([(19, 7)]));
        Assert.Equal((4, 4), FilmSize.Of(Segment(4, 4, (0, [9, 9, 9, 9]))));
        Assert.Equal((0, 0), FilmSize.Of(RandomNumberGenerator.GetBytes(500)));
    }

    /// <summary>An update that paints everything in one grey.</summary>
    private static byte[] Raw(int width, int height, byte grey)
    {
        var bytes = new byte[16 + (4 * width * height)];
        bytes[3] = 1;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(8), (ushort)width);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(10), (ushort)height);
        bytes.AsSpan(16).Fill(grey);
        return bytes;
    }
}
