namespace StreamSpace.Rfb.Messages;

/// <content>How much of the picture the viewer has only by JPEG. Some servers send such parts again exactly when they stand still, some never do.</content>
public sealed partial class ServerStream
{
    private long _lossy;
    private int _lossyLeft;
    private int _lossyTop;
    private int _lossyRight;
    private int _lossyBottom;

    /// <summary>
    /// Pixels that were painted by JPEG and not exactly since. An estimate, for pixels are not looked at: never more than the box around the JPEG rectangles,
    /// less what was painted exactly inside of it.
    /// </summary>
    public long LossyPixels => Volatile.Read(ref _lossy);

    /// <summary>Rectangles that came as JPEG so far.</summary>
    public long JpegRectangles { get; private set; }

    /// <summary>From here on counts what is painted from now on: the whole picture was asked for anew.</summary>
    public void ForgetLossy() => Volatile.Write(ref _lossy, 0);

    private void PaintedLossily()
    {
        JpegRectangles++;
        var (right, bottom) = (_x + _width, _y + _height);
        if (_lossy == 0)
            (_lossyLeft, _lossyTop, _lossyRight, _lossyBottom) = (_x, _y, right, bottom);
        _lossyLeft = Math.Min(_lossyLeft, _x);
        _lossyTop = Math.Min(_lossyTop, _y);
        _lossyRight = Math.Max(_lossyRight, right);
        _lossyBottom = Math.Max(_lossyBottom, bottom);
        Volatile.Write(ref _lossy, Math.Min(_lossy + ((long)_width * _height), (long)(_lossyRight - _lossyLeft) * (_lossyBottom - _lossyTop)));
    }

    private void PaintedExactly()
    {
        long wide = Math.Min(_lossyRight, _x + _width) - Math.Max(_lossyLeft, _x), high = Math.Min(_lossyBottom, _y + _height) - Math.Max(_lossyTop, _y);
        if (wide > 0 && high > 0)
            Volatile.Write(ref _lossy, Math.Max(0, _lossy - (wide * high)));
    }
}
