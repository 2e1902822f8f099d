using System.Buffers.Binary;

namespace StreamSpace.Rfb.Messages;

/// <content>Rectangles that carry a format of their own: JPEG files, and a cursor inside an encoding.</content>
public sealed partial class ServerStream
{
    /// <summary>An encoding, then the shape in it (rfbproto, "Cursor With Alpha"); only Raw has a length that is known before it is decoded.</summary>
    private bool AlphaCursor(ReadOnlySpan<byte> rest, ref int at)
    {
        var encoding = BinaryPrimitives.ReadInt32BigEndian(rest);
        if (encoding != RfbEncoding.Raw)
            return Lose(RfbFault.UnknownEncoding, encoding);
        at += 4;
        return Cursor(4L * _width * _height);
    }

    /// <summary>
    /// A JPEG file says nowhere how long it is (rfbproto, "JPEG Encoding"; ITU-T T.81, annex B): its segments are walked until the end marker. All but
    /// the lone markers have a length; behind a start of scan comes data in which FF is followed by 00 or a restart.
    /// </summary>
    private bool JpegMarker(ReadOnlySpan<byte> rest, ref int at)
    {
        if (rest[0] != 0xff)
            return Lose(RfbFault.BadValue, rest[0]);
        if (rest.Length < 2)
            return false;
        var marker = rest[1];
        if (marker == 0xd9)
            return Take(0, 2, ref at);
        if (marker is 0xff or 0xd8 or 0x01 or (>= 0xd0 and <= 0xd7))
        {
            at += marker == 0xff ? 1 : 2; // FF before a marker is padding
            return true;
        }
        if (rest.Length < 4)
            return false;
        int length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
        if (length < 2)
            return Lose(RfbFault.BadValue, length);
        at += 4;
        _skip = length - 2;
        return marker != 0xda || Next(Step.JpegScan);
    }

    private bool JpegScan(ReadOnlySpan<byte> rest, ref int at)
    {
        var mark = rest.IndexOf((byte)0xff);
        if (mark != 0)
        {
            at += mark < 0 ? rest.Length : mark;
            return true;
        }
        if (rest.Length < 2)
            return false;
        if (rest[1] is not (0 or (>= 0xd0 and <= 0xd7)))
            return Next(Step.JpegMarker);
        at += 2;
        return true;
    }
}
