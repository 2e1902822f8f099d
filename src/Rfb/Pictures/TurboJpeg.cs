using System.Runtime.InteropServices;

namespace StreamSpace.Rfb.Pictures;

/// <summary>
/// The seam to libjpeg-turbo (Debian package libturbojpeg0, <c>libturbojpeg.so.0</c>), the only native code of this library and the only file that knows of it.
/// Where the library is missing <see cref="Missing"/> says so, everything else still works, and <see cref="PictureDecoder"/> never asks a server for JPEG.
/// Its functions are documented in turbojpeg.h of libjpeg-turbo 2.1.
/// </summary>
public static class TurboJpeg
{
    private const string Library = "libturbojpeg.so.0";
    private const int Bgrx = 3; // TJPF_BGRX
    private const int Half = 2; // TJSAMP_420
    private const int NoRealloc = 1024; // TJFLAG_NOREALLOC
    private const int LimitScans = 32768; // TJFLAG_LIMITSCANS: a progressive file of a thousand scans is an attack
    private const int Fatal = 1; // TJERR_FATAL

    private static readonly Lazy<string?> Problem = new(() =>
        NativeLibrary.TryLoad(Library, typeof(TurboJpeg).Assembly, DllImportSearchPath.SafeDirectories, out _)
            ? null
            : $"{Library} is not on this machine (Debian package libturbojpeg0)");

    /// <summary>Why JPEG can be neither read nor written; null when it can.</summary>
    public static string? Missing => Problem.Value;

    /// <summary>Reads a JPEG file of exactly this size.</summary>
    /// <param name="file">The file's bytes; hostile ones are only refused.</param>
    /// <param name="width">Pixels per row that the file must have.</param>
    /// <param name="height">Rows that the file must have.</param>
    /// <param name="pixels">Receives width * height pixels, 0x00RRGGBB.</param>
    /// <returns>False when it is no JPEG file, has another size, or the library is missing.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> file, int width, int height, Span<int> pixels)
    {
        if (Missing is not null || file.IsEmpty || pixels.Length < width * height)
            return false;
        var codec = tjInitDecompress();
        try
        {
            ref var first = ref MemoryMarshal.GetReference(file);
            if (codec == 0 || tjDecompressHeader3(codec, first, (nuint)file.Length, out var w, out var h, out _, out _) != 0 || w != width || h != height)
                return false;
            ref var target = ref MemoryMarshal.GetReference(pixels);
            if (tjDecompress2(codec, first, (nuint)file.Length, ref target, width, 4 * width, height, Bgrx, LimitScans) != 0 && tjGetErrorCode(codec) == Fatal)
                return false;
        }
        finally
        {
            if (codec != 0)
                _ = tjDestroy(codec);
        }
        foreach (ref var pixel in pixels[..(width * height)])
            pixel &= 0xffffff;
        return true;
    }

    /// <summary>Writes a picture as a JPEG file.</summary>
    /// <param name="picture">What is to be written.</param>
    /// <param name="quality">1 (small) to 100 (good).</param>
    /// <exception cref="NotSupportedException">The library is missing; see <see cref="Missing"/>.</exception>
    public static byte[] Encode(Picture picture, int quality)
    {
        if (Missing is { } why)
            throw new NotSupportedException(why);
        var codec = tjInitCompress();
        var file = new byte[(int)tjBufSize(picture.Width, picture.Height, Half)];
        var held = GCHandle.Alloc(file, GCHandleType.Pinned);
        try
        {
            var target = held.AddrOfPinnedObject();
            var length = (nuint)file.Length;
            ref var first = ref MemoryMarshal.GetReference(picture.Pixels);
            if (codec == 0 || tjCompress2(codec, first, picture.Width, 4 * picture.Width, picture.Height, Bgrx, ref target, ref length, Half, Math.Clamp(quality, 1, 100), NoRealloc) != 0)
                throw new NotSupportedException($"{Library} could not write a picture of {picture.Width} x {picture.Height}.");
            return file.AsSpan(0, (int)length).ToArray();
        }
        finally
        {
            held.Free();
            if (codec != 0)
                _ = tjDestroy(codec);
        }
    }

    [DllImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint tjInitDecompress();

    [DllImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int tjDecompressHeader3(nint codec, in byte file, nuint length, out int width, out int height, out int subsampling, out int colours);

    [DllImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int tjDecompress2(nint codec, in byte file, nuint length, ref int pixels, int width, int pitch, int height, int format, int flags);

    [DllImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint tjInitCompress();

    [DllImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int tjCompress2(
        nint codec, in int pixels, int width, int pitch, int height, int format, ref nint target, ref nuint length, int subsampling, int quality, int flags);

    [DllImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nuint tjBufSize(int width, int height, int subsampling);

    [DllImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int tjGetErrorCode(nint codec);

    [DllImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int tjDestroy(nint codec);
}
