using System.Buffers.Binary;
using System.Text;

namespace StreamSpace.Rfb.Pictures;

/// <content>(4) What a server says about its desktop: DesktopSize (RFC 6143, 7.8.2), ExtendedDesktopSize, DesktopName, LED state (rfbproto).</content>
public sealed partial class PictureDecoder
{
    private int _screens;

    /// <summary>The last layout that an ExtendedDesktopSize told; null before the first.</summary>
    public DesktopLayout? Layout { get; private set; }

    /// <summary>The last name that a DesktopName told; null before the first.</summary>
    public string? Name { get; private set; }

    /// <summary>Lock keys as QEMU tells them: bit 0 scroll, 1 num, 2 caps; null when it never did.</summary>
    public byte? Leds { get; private set; }

    /// <summary>Called for a pseudo-encoding that only says "I know it": extended keys, mouse buttons, audio and the like.</summary>
    public Action<int>? Confirmed { get; set; }

    private int Desktop(ReadOnlySpan<byte> data)
    {
        switch (_step)
        {
            case Step.Led:
                Leds = data[0];
                return Done(1);
            case Step.NameLength:
                if (data.Length < 4)
                    return Want(4);
                var length = BinaryPrimitives.ReadUInt32BigEndian(data);
                if (length > _limits.Name)
                    return Fail(RfbFault.TooLong, length);
                _length = (int)length;
                _step = Step.Name;
                return length == 0 ? Named([], 4) : 4;
            case Step.Name:
                return data.Length < _length ? Want(_length) : Named(data[.._length], _length);
            default:
                return ScreenList(data);
        }
    }

    private int Named(ReadOnlySpan<byte> name, int used)
    {
        Name = Encoding.UTF8.GetString(name);
        return Done(used);
    }

    /// <summary>The rectangle's x is the reason, its y the status.</summary>
    private int ScreenList(ReadOnlySpan<byte> data)
    {
        if (data.Length < 4)
            return Want(4);
        _screens = data[0];
        if (_screens > _limits.Screens)
            return Fail(RfbFault.TooLong, _screens);
        var need = 4 + (16 * _screens);
        if (data.Length < need)
            return Want(need);
        var screens = new DesktopScreen[_screens];
        for (var i = 0; i < screens.Length; i++)
        {
            var screen = data.Slice(4 + (16 * i), 16);
            screens[i] = new(
                BinaryPrimitives.ReadUInt32BigEndian(screen), BinaryPrimitives.ReadUInt16BigEndian(screen[4..]), BinaryPrimitives.ReadUInt16BigEndian(screen[6..]),
                BinaryPrimitives.ReadUInt16BigEndian(screen[8..]), BinaryPrimitives.ReadUInt16BigEndian(screen[10..]), BinaryPrimitives.ReadUInt32BigEndian(screen[12..]));
        }
        Layout = new(_x, _y, screens);
        var refused = _x == 1 && _y != 0;
        return refused || Resize() ? Done(need) : 0;
    }

    private bool Resize()
    {
        if (!Fits(_width, _height))
        {
            Fail(_width == 0 || _height == 0 ? RfbFault.BadValue : RfbFault.TooLong, ((long)_width << 16) | (uint)_height);
            return false;
        }
        if (_width == Picture.Width && _height == Picture.Height)
            return true;
        if (!Paint((long)_width * _height))
            return false;
        Picture.Resize(_width, _height);
        _budget = Math.Max(_budget, _limits.Overdraw * (long)_width * _height);
        return true;
    }
}
