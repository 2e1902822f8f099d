using System.Buffers.Binary;
using System.Security.Cryptography;

namespace StreamSpace.Recordings.Shelf;

/// <summary>A segment's file: a row of blocks, each encrypted and bound to its place. What was torn or changed ends the row.</summary>
internal sealed class SegmentFile : IDisposable
{
    public const int KeyLength = 32;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int HeadLength = 4 + NonceLength + TagLength;
    private const int MostBytes = 512 * 1024 * 1024;
    private readonly FileStream _stream;
    private readonly AesGcm _cipher;
    private readonly byte[] _place = new byte[8];
    private int _blocks;

    private SegmentFile(FileStream stream, byte[] key, int number, int blocks)
    {
        _stream = stream;
        _cipher = new(key, TagLength);
        _blocks = blocks;
        BinaryPrimitives.WriteInt32BigEndian(_place, number);
    }

    public static SegmentFile Create(string path, byte[] key, int number) => new(
        new(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 0, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }), key, number, 0);

    public static (SegmentFile File, byte[] Plain) Continue(string path, byte[] key, int number)
    {
        var stream = new FileStream(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.ReadWrite, Share = FileShare.Read, BufferSize = 0 });
        try
        {
            var bytes = new byte[Bounded(stream.Length)];
            stream.ReadExactly(bytes);
            var (plain, whole, blocks) = Decrypt(bytes, key, number);
            stream.SetLength(whole);
            stream.Seek(whole, SeekOrigin.Begin);
            return (new(stream, key, number, blocks), plain);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    public static async Task<byte[]> ReadAsync(string path, byte[] key, int number, CancellationToken ct)
    {
        // Somebody may be writing it meanwhile; what comes later is not read.
        await using var stream = new FileStream(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0, Options = FileOptions.Asynchronous });
        var bytes = new byte[Bounded(stream.Length)];
        var got = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, ct);
        return Decrypt(bytes.AsSpan(0, got), key, number).Plain;
    }

    /// <summary>Decrypts a file's bytes as far as they are whole.</summary>
    public static byte[] Open(ReadOnlySpan<byte> bytes, byte[] key, int number) => Decrypt(bytes, key, number).Plain;

    /// <summary>Hands a block to the operating system: a process that is killed after this has lost none of it.</summary>
    public void Append(ReadOnlySpan<byte> plain)
    {
        var block = new byte[HeadLength + plain.Length];
        BinaryPrimitives.WriteInt32BigEndian(block, plain.Length);
        var nonce = block.AsSpan(4, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        BinaryPrimitives.WriteInt32BigEndian(_place.AsSpan(4), _blocks++);
        _cipher.Encrypt(nonce, plain, block.AsSpan(HeadLength), block.AsSpan(4 + NonceLength, TagLength), _place);
        _stream.Write(block);
    }

    /// <summary>Everything is on the disk.</summary>
    public void Sync() => _stream.Flush(flushToDisk: true);

    public void Dispose()
    {
        _stream.Dispose();
        _cipher.Dispose();
    }

    private static (byte[] Plain, int Whole, int Blocks) Decrypt(ReadOnlySpan<byte> bytes, byte[] key, int number)
    {
        using var cipher = new AesGcm(key, TagLength);
        var plain = new byte[bytes.Length];
        Span<byte> place = stackalloc byte[8];
        BinaryPrimitives.WriteInt32BigEndian(place, number);
        int at = 0, filled = 0, blocks = 0;
        while (bytes.Length - at >= HeadLength)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(bytes[at..]);
            if (length < 0 || length > bytes.Length - at - HeadLength)
                break;
            BinaryPrimitives.WriteInt32BigEndian(place[4..], blocks);
            try
            {
                cipher.Decrypt(bytes.Slice(at + 4, NonceLength), bytes.Slice(at + HeadLength, length), bytes.Slice(at + 4 + NonceLength, TagLength), plain.AsSpan(filled, length), place);
            }
            catch (AuthenticationTagMismatchException)
            {
                break;
            }
            (at, filled, blocks) = (at + HeadLength + length, filled + length, blocks + 1);
        }
        return (plain[..filled], at, blocks);
    }

    private static int Bounded(long length) => length <= MostBytes ? (int)length : throw new IOException($"A segment of {length} bytes is none of ours.");
}
