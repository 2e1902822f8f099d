using System.Buffers.Binary;

namespace StreamSpace.Rfb.Ends;

/// <summary>A viewer's messages as bytes (RFC 6143, 7.5; from 248 on rfbproto).</summary>
internal static class ClientMessages
{
    public static byte[] SetPixelFormat(PixelFormat format)
    {
        var message = new byte[20];
        message[0] = ClientMessageType.SetPixelFormat;
        format.Write(message.AsSpan(4));
        return message;
    }

    public static byte[] SetEncodings(IReadOnlyList<int> encodings)
    {
        var message = new byte[4 + (4 * encodings.Count)];
        message[0] = ClientMessageType.SetEncodings;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), (ushort)encodings.Count);
        for (var i = 0; i < encodings.Count; i++)
            BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(4 + (4 * i)), encodings[i]);
        return message;
    }

    public static byte[] UpdateRequest(bool incremental, int width, int height)
    {
        var message = new byte[10];
        message[0] = ClientMessageType.FramebufferUpdateRequest;
        message[1] = incremental ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(6), (ushort)width);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(8), (ushort)height);
        return message;
    }

    public static byte[] Key(uint keysym, bool down)
    {
        var message = new byte[8];
        message[0] = ClientMessageType.KeyEvent;
        message[1] = down ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(4), keysym);
        return message;
    }

    public static byte[] Pointer(int x, int y, byte buttons)
    {
        var message = new byte[6];
        message[0] = ClientMessageType.PointerEvent;
        message[1] = buttons;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), (ushort)x);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(4), (ushort)y);
        return message;
    }

    /// <summary>One screen that fills the desktop.</summary>
    public static byte[] SetDesktopSize(int width, int height, uint screen)
    {
        var message = new byte[8 + 16];
        message[0] = ClientMessageType.SetDesktopSize;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), (ushort)width);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(4), (ushort)height);
        message[6] = 1;
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(8), screen);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(16), (ushort)width);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(18), (ushort)height);
        return message;
    }

    /// <summary>The answer to a server's fence: the request bit goes, and of the other flags stay those we know (rfbproto, "ClientFence").</summary>
    public static byte[] FenceAnswer(ReadOnlySpan<byte> fence)
    {
        var message = fence.ToArray();
        message[0] = ClientMessageType.Fence;
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(4), BinaryPrimitives.ReadUInt32BigEndian(fence[4..]) & 7);
        return message;
    }
}
