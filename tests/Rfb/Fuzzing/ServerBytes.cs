using System.IO.Compression;
using StreamSpace.Rfb.Tests.Messages;

namespace StreamSpace.Rfb.Tests.Fuzzing;

/// <summary>Makes up a server's messages that are right in most places: headers that fit, zlib data that can be inflated, and then something random.</summary>
internal static class ServerBytes
{
    private static readonly int[] Encodings =
    [
        RfbEncoding.Raw, RfbEncoding.CopyRect, RfbEncoding.Rre, RfbEncoding.CoRre, RfbEncoding.Hextile, RfbEncoding.Zlib, RfbEncoding.Tight, RfbEncoding.Tight, RfbEncoding.Tight,
        RfbEncoding.Zrle, RfbEncoding.Zrle, RfbEncoding.Cursor, RfbEncoding.XCursor, RfbEncoding.AlphaCursor, RfbEncoding.VMwareCursor, RfbEncoding.DesktopSize,
        RfbEncoding.ExtendedDesktopSize, RfbEncoding.LastRect, RfbEncoding.DesktopName, RfbEncoding.QemuLed, RfbEncoding.Jpeg, RfbEncoding.H264,
    ];

    public static byte[] Some(Random random)
    {
        var bytes = new List<byte>();
        for (var messages = random.Next(1, 4); messages > 0; messages--)
        {
            if (random.Next(4) > 0)
                bytes.AddRange(Wire.Update([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Rectangle(random))]));
            else
                bytes.AddRange(Other(random));
        }
        return [.. bytes];
    }

    private static byte[] Other(Random random) => random.Next(7) switch
    {
        0 => [2],
        1 => [3, 0, 0, 0, .. Wire.U32(5), .. Noise(random, 5)],
        2 => [248, 0, 0, 0, .. Noise(random, 4), 3, 1, 2, 3],
        3 => [1, 0, 0, 0, 0, 2, .. Noise(random, 12)],
        4 => [150],
        5 => [255, 1, 0, 2, .. Wire.U32(4), .. Noise(random, 4)],
        _ => Noise(random, random.Next(1, 30)),
    };

    private static byte[] Rectangle(Random random)
    {
        var encoding = Encodings[random.Next(Encodings.Length)];
        int width = random.Next(40), height = random.Next(40);
        if (random.Next(20) == 0)
            width = random.Next(70_000) & 0xffff;
        byte[] head = [.. Wire.U16((ushort)random.Next(60)), .. Wire.U16((ushort)random.Next(50)), .. Wire.U16((ushort)width), .. Wire.U16((ushort)height), .. Wire.U32((uint)encoding)];
        return [.. head, .. Content(random, encoding, width & 63, height)];
    }

    private static byte[] Content(Random random, int encoding, int width, int height) => encoding switch
    {
        RfbEncoding.Raw => Noise(random, width * height * 4),
        RfbEncoding.CopyRect => [0, (byte)random.Next(70), 0, (byte)random.Next(70)],
        RfbEncoding.Rre => [0, 0, 0, 2, .. Noise(random, 4), .. Noise(random, 4), 0, 1, 0, 1, 0, 2, 0, 2, .. Noise(random, 4), 0, 0, 0, 3, 0, 1, 0, (byte)random.Next(9)],
        RfbEncoding.CoRre => [0, 0, 0, 1, .. Noise(random, 8), 1, 1, (byte)random.Next(20), 3],
        RfbEncoding.Hextile => Noise(random, 400),
        RfbEncoding.Zlib => Block(random, Noise(random, width * height * 4)),
        RfbEncoding.Zrle => Block(random, [.. Enumerable.Range(0, 3).SelectMany(_ => (byte[])[(byte)Kind(random), .. Noise(random, random.Next(600))])]),
        RfbEncoding.Tight => Tight(random, width, height),
        RfbEncoding.Cursor => Noise(random, (width * height * 4) + ((width + 7) / 8 * height)),
        RfbEncoding.ExtendedDesktopSize => [1, 0, 0, 0, .. Noise(random, 16)],
        RfbEncoding.DesktopName => [0, 0, 0, 3, 65, 66, 0xff],
        RfbEncoding.DesktopSize or RfbEncoding.LastRect => [],
        RfbEncoding.Jpeg => [0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xda, 0, 2, .. Noise(random, 20), 0xff, 0xd9],
        _ => Noise(random, random.Next(200)),
    };

    private static int Kind(Random random) => random.Next(4) switch { 0 => random.Next(17), 1 => 128, 2 => random.Next(130, 140), _ => random.Next(256) };

    private static byte[] Tight(Random random, int width, int height)
    {
        var reset = random.Next(16);
        byte[] filter = random.Next(4) switch { 0 => [0], 1 => [2], 2 => [1, 1, .. Noise(random, 6)], _ => [1, 5, .. Noise(random, 18)] };
        var data = Deflated(Noise(random, width * height * 3), random.Next(3) == 0);
        return random.Next(5) switch
        {
            0 => [(byte)(0x80 | reset), .. Noise(random, 3)],
            1 => [(byte)(0x90 | reset), 20, .. Noise(random, 20)],
            2 => [(byte)(random.Next(4) << 4 | reset), .. Length(data.Length), .. data],
            _ => [(byte)(0x40 | random.Next(4) << 4 | reset), .. filter, .. Length(data.Length), .. data],
        };
    }

    private static byte[] Length(int length) => [(byte)(0x80 | (length & 0x7f)), (byte)(0x80 | ((length >> 7) & 0x7f)), (byte)(length >> 14)];

    private static byte[] Block(Random random, byte[] plain)
    {
        var data = Deflated(plain, random.Next(3) == 0);
        return [.. Wire.U32((uint)data.Length), .. data];
    }

    private static byte[] Deflated(byte[] plain, bool far)
    {
        var target = new MemoryStream();
        using (var deflate = new ZLibStream(target, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(plain);
            if (far)
                deflate.Write(new byte[200_000]); // far more than the rectangle needs
            deflate.Flush();
        }
        return target.ToArray();
    }

    private static byte[] Noise(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        if (random.Next(2) == 0)
            bytes.AsSpan(0, length / 2).Fill(bytes.FirstOrDefault());
        return bytes;
    }
}
