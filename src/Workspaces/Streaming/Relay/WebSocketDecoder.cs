using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace StreamSpace.Streaming.Relay;

/// <summary>What a decoder found.</summary>
internal enum FrameEvent
{
    NeedMore,
    Data,
    Note,
    Ping,
    Pong,
    Close,
    Error,
}

/// <summary>
/// Takes a client's WebSocket frames apart (RFC 6455, section 5) in whatever pieces they arrive. Payload is unmasked and moved to the front, in place;
/// frames of any length cost no memory. Fragments are as good as frames, since RFB is a stream. Text is taken only where notes were agreed on, in one short
/// frame between two binary messages.
/// </summary>
/// <param name="notes">Whether text frames are taken.</param>
internal sealed class WebSocketDecoder(bool notes = false)
{
    /// <summary>Most bytes of a note.</summary>
    public const int LongestNote = 512;

    private const int LongestControl = 125;

    private readonly byte[] _header = new byte[14];
    private byte[] _control = [];
    private int _have;
    private long _left;
    private uint _mask;
    private int _maskAt;
    private int _opcode;
    private int _controlAt;
    private bool _inPayload;
    private bool _inMessage;

    /// <summary>Payload of the last control frame or note.</summary>
    public ReadOnlyMemory<byte> Control => _control.AsMemory(0, _controlAt);

    /// <summary>What the peer did wrong, after <see cref="FrameEvent.Error"/>.</summary>
    public string Problem { get; private set; } = "";

    /// <summary>Takes bytes until something is found.</summary>
    /// <param name="raw">What arrived; taken from its front.</param>
    /// <param name="output">Where data goes; may begin at or before <paramref name="raw"/> in the same memory.</param>
    /// <param name="taken">Bytes of <paramref name="raw"/> that are done with.</param>
    /// <param name="written">Bytes of data, after <see cref="FrameEvent.Data"/>.</param>
    public FrameEvent Decode(Span<byte> raw, Span<byte> output, out int taken, out int written)
    {
        taken = written = 0;
        while (true)
        {
            if (!_inPayload && ReadHeader(raw, ref taken) is { } found)
                return found;
            var part = (int)Math.Min(_left, raw.Length - taken);
            var payload = raw.Slice(taken, part);
            Unmask(payload);
            taken += part;
            _left -= part;
            _inPayload = _left > 0;
            if (_opcode is 1 or >= 8)
            {
                payload.CopyTo(_control.AsSpan(_controlAt));
                _controlAt += part;
                if (_inPayload)
                    return FrameEvent.NeedMore;
                return _opcode switch { 1 => FrameEvent.Note, 8 => FrameEvent.Close, 9 => FrameEvent.Ping, _ => FrameEvent.Pong };
            }
            if (part > 0)
            {
                payload.CopyTo(output);
                written = part;
                return FrameEvent.Data;
            }
            if (_inPayload)
                return FrameEvent.NeedMore;
        }
    }

    /// <summary>Null once a header is complete and legal.</summary>
    private FrameEvent? ReadHeader(ReadOnlySpan<byte> raw, ref int taken)
    {
        while (true)
        {
            var need = _have < 2 ? 2 : HeaderLength();
            if (_have == need && _have >= 2)
                break;
            if (taken == raw.Length)
                return FrameEvent.NeedMore;
            _header[_have++] = raw[taken++];
        }
        _have = 0;
        int length = _header[1] & 0x7f;
        _left = length switch
        {
            126 => BinaryPrimitives.ReadUInt16BigEndian(_header.AsSpan(2)),
            127 => BinaryPrimitives.ReadInt64BigEndian(_header.AsSpan(2)),
            _ => length,
        };
        _mask = MemoryMarshal.Read<uint>(_header.AsSpan(HeaderLength() - 4));
        _maskAt = 0;
        _inPayload = true;
        return Check(_header[0]);
    }

    private int HeaderLength() => 6 + ((_header[1] & 0x7f) switch { 126 => 2, 127 => 8, _ => 0 });

    private FrameEvent? Check(byte first)
    {
        var (final, opcode) = ((first & 0x80) != 0, first & 0x0f);
        if ((first & 0x70) != 0)
            return Fail("A frame used bits that were not agreed on.");
        if ((_header[1] & 0x80) == 0)
            return Fail("A frame was not masked.");
        if (_left < 0)
            return Fail("A frame has an impossible length.");
        _opcode = opcode;
        if (opcode is 8 or 9 or 10)
            return !final || _left > LongestControl ? Fail("A control frame is too long or in pieces.") : Aside(LongestControl);
        if (opcode == 1 && notes)
            return !final || _inMessage || _left is 0 or > LongestNote ? Fail("A note is empty, too long or in pieces.") : Aside(LongestNote);
        if (opcode is not (0 or 2) || (opcode == 0) != _inMessage)
            return Fail("A frame has an unexpected type.");
        _inMessage = !final;
        return null;
    }

    /// <summary>What comes is kept apart from the stream.</summary>
    private FrameEvent? Aside(int most)
    {
        _control = _control.Length < most ? new byte[most] : _control;
        _controlAt = 0;
        return null;
    }

    private FrameEvent Fail(string problem)
    {
        Problem = problem;
        return FrameEvent.Error;
    }

    private void Unmask(Span<byte> payload)
    {
        var at = 0;
        while (at < payload.Length && (_maskAt & 3) != 0)
            payload[at++] ^= (byte)(_mask >> (8 * (_maskAt++ & 3)));
        var words = MemoryMarshal.Cast<byte, uint>(payload[at..]);
        foreach (ref var word in words)
            word ^= _mask;
        for (at += 4 * words.Length; at < payload.Length; at++)
            payload[at] ^= (byte)(_mask >> (8 * (_maskAt++ & 3)));
    }
}
