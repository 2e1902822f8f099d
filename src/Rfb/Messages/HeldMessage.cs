namespace StreamSpace.Rfb.Messages;

/// <summary>Collects a message that must be seen as a whole. Grows with what really arrives, never by what was announced.</summary>
internal sealed class HeldMessage
{
    private const int Begin = 1024;
    private byte[] _bytes = [];
    private int _filled;
    private int _length;

    /// <summary>A message is being collected.</summary>
    public bool Active => _length > 0;

    /// <summary>Bytes that are still to come.</summary>
    public int Missing => _length - _filled;

    public void Start(int length)
    {
        _bytes = new byte[Math.Min(length, Begin)];
        _filled = 0;
        _length = length;
    }

    public void Add(ReadOnlySpan<byte> part)
    {
        if (_filled + part.Length > _bytes.Length)
            Array.Resize(ref _bytes, Math.Min(_length, Math.Max(_filled + part.Length, 2 * _bytes.Length)));
        part.CopyTo(_bytes.AsSpan(_filled));
        _filled += part.Length;
    }

    /// <summary>The whole message; it is given up here.</summary>
    public ReadOnlyMemory<byte> Take()
    {
        var message = _bytes.AsMemory(0, _filled);
        Drop();
        return message;
    }

    public void Drop()
    {
        _bytes = [];
        _filled = _length = 0;
    }
}
