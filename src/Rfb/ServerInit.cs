using System.Buffers.Binary;
using System.Text;

namespace StreamSpace.Rfb;

/// <summary>What a server tells about its desktop at the end of the handshake (RFC 6143, 7.3.2).</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Format">The server's own pixel format.</param>
/// <param name="Name">The desktop's name.</param>
public sealed record ServerInit(ushort Width, ushort Height, PixelFormat Format, string Name)
{
    /// <summary>Bytes before the name.</summary>
    public const int FixedLength = 24;

    /// <summary>The message as it travels.</summary>
    public byte[] ToBytes()
    {
        var name = Encoding.UTF8.GetBytes(Name);
        var bytes = new byte[FixedLength + name.Length];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, Width);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), Height);
        Format.Write(bytes.AsSpan(4));
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(20), name.Length);
        name.CopyTo(bytes, FixedLength);
        return bytes;
    }
}
