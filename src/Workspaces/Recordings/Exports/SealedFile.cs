using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace StreamSpace.Recordings.Exports;

/// <summary>
/// A large file at rest: blocks of equal length, each encrypted and bound to its place, the last one marked, so that any part can be read without the rest and
/// nothing can be cut off, moved or changed without being found. The key must be of this one file: the block's number is the nonce.
/// </summary>
internal static class SealedFile
{
    public const int KeyLength = 32;
    internal const int BlockLength = 64 * 1024;
    internal const int TagLength = 16;

    /// <summary>Writes all of a stream from where it stands; the file must not exist.</summary>
    public static async Task<long> WriteAsync(Stream plain, string path, byte[] key, CancellationToken ct)
    {
        using var cipher = new AesGcm(key, TagLength);
        await using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0, Options = FileOptions.Asynchronous,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        var (block, next, place) = (new byte[BlockLength], new byte[BlockLength], new byte[BlockLength + TagLength]);
        var length = await plain.ReadAtLeastAsync(block, BlockLength, throwOnEndOfStream: false, ct);
        long total = length;
        for (long number = 0; ; number++)
        {
            var following = length == BlockLength ? await plain.ReadAtLeastAsync(next, BlockLength, throwOnEndOfStream: false, ct) : 0;
            cipher.Encrypt(Nonce(number), block.AsSpan(0, length), place.AsSpan(0, length), place.AsSpan(length, TagLength), Mark(following == 0));
            await file.WriteAsync(place.AsMemory(0, length + TagLength), ct);
            if (following == 0)
                break;
            (block, next, length) = (next, block, following);
            total += following;
        }
        file.Flush(flushToDisk: true);
        return total;
    }

    /// <summary>Opens a file to read any part of it. Reading throws <see cref="CryptographicException"/> where it is not what was written.</summary>
    public static Stream Open(string path, byte[] key) => new Reader(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, FileOptions.Asynchronous), key);

    private static byte[] Nonce(long block)
    {
        var nonce = new byte[12];
        BinaryPrimitives.WriteInt64BigEndian(nonce.AsSpan(4), block);
        return nonce;
    }

    private static byte[] Mark(bool last) => [last ? (byte)1 : (byte)0];

    private sealed class Reader : Stream
    {
        private readonly SafeFileHandle _file;
        private readonly AesGcm _cipher;
        private readonly byte[] _sealed = new byte[BlockLength + TagLength];
        private readonly byte[] _plain = new byte[BlockLength];
        private readonly long _blocks;
        private long _here = -1;
        private int _filled;

        public Reader(SafeFileHandle file, byte[] key)
        {
            _file = file;
            _cipher = new(key, TagLength);
            var stored = RandomAccess.GetLength(file);
            _blocks = (stored + BlockLength + TagLength - 1) / (BlockLength + TagLength);
            Length = Math.Max(0, stored - (_blocks * TagLength));
        }

        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length { get; }

        public override long Position { get; set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position >= Length || buffer.IsEmpty)
                return 0;
            var number = Position / BlockLength;
            if (number != _here)
                await LoadAsync(number, cancellationToken);
            var at = (int)(Position % BlockLength);
            var part = Math.Min(buffer.Length, _filled - at);
            _plain.AsMemory(at, part).CopyTo(buffer);
            Position += part;
            return part;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");

        public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => Position + offset,
            _ => Length + offset,
        };

        public override void Flush()
        {
        }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            _cipher.Dispose();
            _file.Dispose();
            base.Dispose(disposing);
        }

        private async ValueTask LoadAsync(long number, CancellationToken ct)
        {
            var got = 0;
            for (int part; got < _sealed.Length && (part = await RandomAccess.ReadAsync(_file, _sealed.AsMemory(got), (number * _sealed.Length) + got, ct)) > 0;)
                got += part;
            if (got < TagLength)
                throw new CryptographicException("The file was cut off.");
            _here = -1;
            _filled = got - TagLength;
            _cipher.Decrypt(Nonce(number), _sealed.AsSpan(0, _filled), _sealed.AsSpan(_filled, TagLength), _plain.AsSpan(0, _filled), Mark(number == _blocks - 1));
            _here = number;
        }
    }
}
