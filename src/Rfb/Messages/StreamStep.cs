namespace StreamSpace.Rfb.Messages;

/// <summary>What became of a piece of a stream. The bytes to relay stand at its front, the bytes to keep right behind them.</summary>
/// <param name="Relay">Bytes to pass on; they may have been changed or shortened in place.</param>
/// <param name="Keep">Bytes of a message whose fixed part is not complete; put them in front of the next piece.</param>
public readonly record struct StreamStep(int Relay, int Keep);

/// <summary>What becomes of a cut text message.</summary>
/// <param name="Pass">It passes as it is.</param>
/// <param name="Instead">Where it does not pass: the whole message that is sent in its place; empty for none.</param>
public readonly record struct CutTextVerdict(bool Pass, ReadOnlyMemory<byte> Instead)
{
    /// <summary>It passes.</summary>
    public static CutTextVerdict Passes => new(true, default);

    /// <summary>It is cut out of the stream.</summary>
    public static CutTextVerdict CutOut => default;
}

/// <summary>Judges cut texts on their way. Set on a stream, it sees every cut text message as a whole before any byte of it passes.</summary>
/// <param name="most">Bytes of a message that are collected; a longer one is told to <paramref name="tooLong"/>, is cut out, and costs no memory.</param>
/// <param name="judge">Decides on a whole message, its type byte first.</param>
/// <param name="tooLong">Told the length of a message that is over the bound.</param>
public sealed class CutTextGate(int most, CutTextJudge judge, Action<long> tooLong)
{
    /// <summary>Bytes of a message that are collected.</summary>
    public int Most => most;

    internal CutTextVerdict Judge(ReadOnlySpan<byte> message) => judge(message);

    internal void TooLong(long length) => tooLong(length);
}

/// <summary>Decides on a whole cut text message.</summary>
public delegate CutTextVerdict CutTextJudge(ReadOnlySpan<byte> message);

/// <summary>What a viewer may do beyond looking.</summary>
[Flags]
public enum ViewerRights
{
    /// <summary>Update requests, formats, encodings and fences only.</summary>
    View = 0,

    /// <summary>Keys and pointer.</summary>
    Input = 1,

    /// <summary>Clipboard towards the session.</summary>
    Clipboard = 2,

    /// <summary>Another picture size.</summary>
    Resize = 4,

    /// <summary>Power commands (xvp).</summary>
    Power = 8,

    /// <summary>Type and point.</summary>
    Collaborate = Input,

    /// <summary>Everything.</summary>
    Control = Input | Clipboard | Resize | Power,
}

/// <summary>A part of the picture, in pixels.</summary>
/// <param name="Left">First column.</param>
/// <param name="Top">First row.</param>
/// <param name="Right">First column behind it.</param>
/// <param name="Bottom">First row behind it.</param>
public readonly record struct PointerArea(int Left, int Top, int Right, int Bottom)
{
    /// <summary>Whether a point lies inside.</summary>
    public bool Contains(int x, int y) => x >= Left && x < Right && y >= Top && y < Bottom;

    internal ushort ClampX(int x) => (ushort)Math.Clamp(x, Left, Math.Max(Left, Right - 1));

    internal ushort ClampY(int y) => (ushort)Math.Clamp(y, Top, Math.Max(Top, Bottom - 1));
}
