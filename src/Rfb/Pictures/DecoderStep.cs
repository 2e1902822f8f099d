namespace StreamSpace.Rfb.Pictures;

/// <summary>What became of a piece fed to a <see cref="PictureDecoder"/>.</summary>
/// <param name="Taken">Bytes of the piece that are done with; feed the rest again.</param>
/// <param name="Complete">A message ended with them.</param>
/// <param name="Type">That message's type, one of <see cref="ServerMessageType"/>.</param>
public readonly record struct DecoderStep(int Taken, bool Complete, byte Type);

/// <summary>A screen of a desktop (rfbproto, "ExtendedDesktopSize Pseudo-encoding").</summary>
/// <param name="Id">The server's number for it.</param>
/// <param name="X">Left edge in the picture.</param>
/// <param name="Y">Upper edge in the picture.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Flags">Reserved by the protocol.</param>
public readonly record struct DesktopScreen(uint Id, ushort X, ushort Y, ushort Width, ushort Height, uint Flags);

/// <summary>What an ExtendedDesktopSize said.</summary>
/// <param name="Reason">0 the server changed it, 1 this viewer asked, 2 another viewer asked.</param>
/// <param name="Status">For <paramref name="Reason"/> 1: 0 done, 1 forbidden, 2 out of resources, 3 bad layout, 4 forwarded.</param>
/// <param name="Screens">The screens, at most <see cref="RfbLimits.Screens"/>.</param>
public sealed record DesktopLayout(int Reason, int Status, IReadOnlyList<DesktopScreen> Screens);
