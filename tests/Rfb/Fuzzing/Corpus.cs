using System.Buffers.Binary;

namespace StreamSpace.Rfb.Tests.Fuzzing;

/// <summary>A stream of a real server behind its ServerInit. Its file: width and height (two bytes each), then the bytes. Made by <see cref="CaptureTests"/>.</summary>
internal sealed record Captured(string Name, int Width, int Height, byte[] Bytes);

/// <summary>The captured streams in tests/Rfb/Corpus.</summary>
internal static class Corpus
{
    private static readonly Lazy<Captured[]> Files = new(() =>
        [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Corpus"), "*.rfb").Order(StringComparer.Ordinal).Select(Read)]);

    public static Captured[] All => Files.Value;

    private static Captured Read(string path)
    {
        var file = File.ReadAllBytes(path);
        return new(Path.GetFileNameWithoutExtension(path), BinaryPrimitives.ReadUInt16BigEndian(file), BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(2)), file[4..]);
    }
}
