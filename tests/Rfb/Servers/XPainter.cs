using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace StreamSpace.Rfb.Tests.Servers;

/// <summary>The few requests of the X protocol that put known pixels on a root window of 24 bits: PutImage and CopyArea (X11R6 protocol, appendix B).</summary>
internal sealed class XPainter : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly uint _root;
    private readonly uint _context;

    public XPainter(int display)
    {
        _socket.Connect(new UnixDomainSocketEndPoint($"/tmp/.X11-unix/X{display}"));
        _socket.Send([(byte)'l', 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        var head = Read(8);
        Assert.Equal(1, head[0]);
        var setup = Read(4 * BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(6)));
        var vendor = BinaryPrimitives.ReadUInt16LittleEndian(setup.AsSpan(16));
        var screen = 32 + ((vendor + 3) & ~3) + (8 * setup[21]);
        _root = BinaryPrimitives.ReadUInt32LittleEndian(setup.AsSpan(screen));
        _context = BinaryPrimitives.ReadUInt32LittleEndian(setup.AsSpan(4)); // the first of the ids that are ours
        // CreateGC: drawing goes over child windows too, and copies report nothing.
        Send(55, 0, [_context, _root, 0x8000 | 0x10000, 1, 0]);
    }

    /// <summary>Paints 0x00RRGGBB pixels, and comes back when the server has them.</summary>
    public void Put(int x, int y, int width, int height, ReadOnlySpan<int> pixels)
    {
        var rows = Math.Max(1, 60_000 / width);
        for (var row = 0; row < height; row += rows)
        {
            var count = Math.Min(rows, height - row);
            Send(72, 2, [_root, _context, Pair(width, count), Pair(x, y + row), 24 << 8, .. MemoryMarshal.Cast<int, uint>(pixels.Slice(row * width, count * width))]);
        }
        Sync();
    }

    /// <summary>Moves a part of the screen.</summary>
    public void Copy(int fromX, int fromY, int toX, int toY, int width, int height)
    {
        Send(62, 0, [_root, _root, _context, Pair(fromX, fromY), Pair(toX, toY), Pair(width, height)]);
        Sync();
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>GetInputFocus: any request with an answer would do.</summary>
    private void Sync()
    {
        Send(43, 0, []);
        while (Read(32)[0] is var kind && kind != 1)
            Assert.NotEqual(0, kind); // 0 is an error, others are events
    }

    private static uint Pair(int low, int high) => (uint)(ushort)low | ((uint)(ushort)high << 16);

    private void Send(byte opcode, byte detail, ReadOnlySpan<uint> words)
    {
        var bytes = new byte[4 + (4 * words.Length)];
        bytes[0] = opcode;
        bytes[1] = detail;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2), (ushort)(1 + words.Length));
        MemoryMarshal.AsBytes(words).CopyTo(bytes.AsSpan(4));
        for (var sent = 0; sent < bytes.Length;)
            sent += _socket.Send(bytes.AsSpan(sent));
    }

    private byte[] Read(int length)
    {
        var bytes = new byte[length];
        for (var at = 0; at < length;)
        {
            var got = _socket.Receive(bytes.AsSpan(at));
            Assert.NotEqual(0, got);
            at += got;
        }
        return bytes;
    }
}
