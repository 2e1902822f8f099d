namespace StreamSpace.Rfb.Pictures;

/// <summary>The pointer's shape as a server sent it.</summary>
/// <param name="Width">Pixels; 0 for an invisible pointer.</param>
/// <param name="Height">Pixels.</param>
/// <param name="HotX">The pixel that points.</param>
/// <param name="HotY">The pixel that points.</param>
/// <param name="Pixels">0xAARRGGBB, colours not multiplied by alpha, top row first.</param>
public sealed record CursorShape(int Width, int Height, int HotX, int HotY, ReadOnlyMemory<uint> Pixels);
