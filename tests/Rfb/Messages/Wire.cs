using System.Buffers.Binary;

namespace StreamSpace.Rfb.Tests.Messages;

/// <summary>Messages as bytes, written out once.</summary>
internal static class Wire
{
    public static byte[] Key(uint keysym, bool down = true) => [4, down ? (byte)1 : (byte)0, 0, 0, .. U32(keysym)];

    public static byte[] Pointer(ushort x, ushort y, byte buttons) => [5, buttons, .. U16(x), .. U16(y)];

    public static byte[] LongPointer(ushort x, ushort y, int buttons) => [5, (byte)((buttons & 0x7f) | 0x80), .. U16(x), .. U16(y), (byte)(buttons >> 7)];

    public static byte[] CutText(string text) => [6, 0, 0, 0, .. U32((uint)text.Length), .. System.Text.Encoding.Latin1.GetBytes(text)];

    public static byte[] ExtendedCutText(params byte[] content) => [6, 0, 0, 0, .. U32((uint)-content.Length), .. content];

    public static byte[] Encodings(params int[] encodings) => [2, 0, .. U16((ushort)encodings.Length), .. encodings.SelectMany(e => U32((uint)e))];

    public static byte[] Format(PixelFormat format)
    {
        var bytes = new byte[20];
        format.Write(bytes.AsSpan(4));
        return bytes;
    }

    public static byte[] Request(bool incremental, ushort width = 640, ushort height = 480) => [3, incremental ? (byte)1 : (byte)0, 0, 0, 0, 0, .. U16(width), .. U16(height)];

    public static byte[] Continuous(bool on) => [150, on ? (byte)1 : (byte)0, 0, 0, 0, 0, .. U16(640), .. U16(480)];

    public static byte[] Fence(uint flags, params byte[] payload) => [248, 0, 0, 0, .. U32(flags), (byte)payload.Length, .. payload];

    public static byte[] Xvp(byte action) => [250, 0, 1, action];

    public static byte[] DesktopSize(ushort width, ushort height) => [251, 0, .. U16(width), .. U16(height), 1, 0, .. U32(0), 0, 0, 0, 0, .. U16(width), .. U16(height), .. U32(0)];

    public static byte[] QemuKey(uint keysym, uint code, bool down = true) => [255, 0, 0, down ? (byte)1 : (byte)0, .. U32(keysym), .. U32(code)];

    public static byte[] QemuAudio(ushort operation) => operation == 2 ? [255, 1, 0, 2, 3, 2, .. U32(44100)] : [255, 1, .. U16(operation)];

    public static byte[] U16(ushort value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        return bytes;
    }

    public static byte[] U32(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    /// <summary>An update of the server: rectangles follow each other.</summary>
    public static byte[] Update(params byte[][] rectangles) => [0, 0, .. U16((ushort)rectangles.Length), .. rectangles.SelectMany(r => r)];

    public static byte[] Rectangle(int encoding, ushort width, ushort height, params byte[] content) =>
        [0, 0, 0, 0, .. U16(width), .. U16(height), .. U32((uint)encoding), .. content];

    /// <summary>One of each message that noVNC sends.</summary>
    public static byte[][] AllOfAViewer() =>
    [
        Format(PixelFormat.Bgrx), Encodings(1, 50, 7, -260, 16, 21, 5, 2, 6, 0, -26, -254, -223, -224, -258, -308, -309, -312, -313, -307, unchecked((int)0xC0A1E5CE), -316, 0x574D5664, -239),
        Request(false), Continuous(true), Key('a'), Key('a', down: false), Pointer(10, 20, 1), CutText("hello"), ExtendedCutText(1, 0, 0, 1, 0, 0, 0, 0), Fence(3, 1, 2, 3),
        Xvp(2), DesktopSize(800, 600), QemuKey('b', 48), QemuAudio(2), QemuAudio(0), Request(true),
    ];
}
