using System.Buffers;

namespace StreamSpace.Rfb.Handshakes;

/// <summary>
/// The server's side of the handshake towards a viewer: RFB 3.8, security None (who the viewer is was settled before the first byte).
/// A viewer that answers with 3.3 or 3.7 is served as those versions ask. Fed with whatever pieces arrive; ServerInit is the caller's, once
/// it knows the picture.
/// Map: (1) our version goes out; (2) the viewer's version; (3) security types, or for 3.3 the type itself; (4) the viewer's choice;
/// (5) result, from 3.8 on; (6) ClientInit: done. Whether the viewer asks for a shared desktop is ignored: it always is.
/// </summary>
public sealed class ViewerHandshake
{
    private int _step;
    private int _minor = 8;
    private long _offset;

    /// <summary>Set when the viewer broke the protocol.</summary>
    public RfbError Error { get; private set; }

    /// <summary>The viewer waits for ServerInit.</summary>
    public bool Done => _step == 3;

    /// <summary>(1) What goes out first.</summary>
    public static ReadOnlySpan<byte> Version => "RFB 003.008\n"u8;

    /// <summary>Takes what has arrived and writes the answers.</summary>
    /// <returns>Bytes taken; what remains belongs to the next call, or after <see cref="Done"/> to the message stream.</returns>
    public int Feed(ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        var taken = 0;
        while (!Done && Error.Fault == RfbFault.None)
        {
            var rest = input[taken..];
            var need = _step == 0 ? 12 : 1;
            if (rest.Length < need)
                break;
            Step(rest[..need], output);
            taken += need;
            _offset += need;
        }
        return taken;
    }

    private void Step(ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        switch (_step)
        {
            case 0: // (2)
                if (!RfbVersion.TryRead(input, out _minor))
                    Error = new(RfbFault.NotRfb, _offset, 0);
                else if (_minor == 3)
                {
                    output.Write<byte>([0, 0, 0, RfbSecurity.None]); // (3) the server decides, no result follows
                    _step = 2;
                }
                else
                {
                    output.Write<byte>([1, RfbSecurity.None]); // (3)
                    _step = 1;
                }
                break;
            case 1: // (4)
                if (input[0] != RfbSecurity.None)
                {
                    Error = new(RfbFault.BadValue, _offset, input[0]);
                    break;
                }
                if (_minor >= 8)
                    output.Write<byte>([0, 0, 0, 0]); // (5)
                _step = 2;
                break;
            default: // (6)
                _step = 3;
                break;
        }
    }
}

/// <summary>The twelve bytes that a connection begins with (RFC 6143, 7.1.1).</summary>
public static class RfbVersion
{
    /// <summary>Bytes of a version message.</summary>
    public const int Length = 12;

    /// <summary>Reads <c>RFB xxx.yyy\n</c> and tells which of 3.3, 3.7 and 3.8 is meant: unknown numbers below 7 count as 3.3, above 8 as 3.8.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out int minor)
    {
        minor = 0;
        if (bytes.Length < Length || !bytes.StartsWith("RFB "u8) || bytes[7] != (byte)'.' || bytes[11] != (byte)'\n')
            return false;
        int major = 0, number = 0;
        for (var i = 0; i < 3; i++)
        {
            if (!char.IsAsciiDigit((char)bytes[4 + i]) || !char.IsAsciiDigit((char)bytes[8 + i]))
                return false;
            major = (10 * major) + bytes[4 + i] - '0';
            number = (10 * number) + bytes[8 + i] - '0';
        }
        if (major < 3)
            return false;
        minor = major > 3 || number >= 8 ? 8 : number == 7 ? 7 : 3;
        return true;
    }

    /// <summary>Writes the version message of 3.3, 3.7 or 3.8.</summary>
    public static ReadOnlyMemory<byte> ToBytes(int minor) => minor switch
    {
        3 => "RFB 003.003\n"u8.ToArray(),
        7 => "RFB 003.007\n"u8.ToArray(),
        _ => "RFB 003.008\n"u8.ToArray(),
    };
}
