using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Dlp;
using StreamSpace.Kernel;

namespace StreamSpace.Streaming.Files;

/// <summary>
/// Where bytes wait outside of sessions until the border let them pass: files of the server's own, readable by nobody else, without a name from the
/// first moment on, so that nothing is left of them however the server ends.
/// </summary>
internal sealed class WaitingRoom(IOptions<StreamingOptions> options)
{
    private const long Reserve = 256L << 20;
    private readonly ConcurrentDictionary<UserId, int> taken = new();

    /// <summary>A place for one more file of this person; null when they have all theirs in use. Dispose it to leave.</summary>
    public IDisposable? Enter(UserId user)
    {
        var mine = taken.AddOrUpdate(user, 1, (_, count) => count + 1);
        var place = new Place(() => taken.AddOrUpdate(user, 0, (_, count) => count - 1));
        if (mine <= options.Value.MaxTransfersPerPerson)
            return place;
        place.Dispose();
        return null;
    }

    /// <summary>Takes everything in, or says why not. The caller disposes what it gets.</summary>
    /// <param name="source">Read to its end.</param>
    /// <param name="expected">How much is announced; null when unknown.</param>
    /// <param name="most">One byte more is refused.</param>
    /// <param name="tooLarge">What is said then.</param>
    /// <param name="moving">Called as bytes come.</param>
    /// <param name="ct">Ends the work.</param>
    public async Task<Result<WaitingFile>> TakeAsync(Stream source, long? expected, long most, Func<Failure> tooLarge, Action moving, CancellationToken ct)
    {
        if (expected > most)
            return tooLarge();
        var file = Open(expected ?? 0);
        if (file is null)
            return FileFailures.NoWaitingRoom;
        var kept = false;
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = new byte[128 * 1024];
            long bytes = 0;
            while (await source.ReadAsync(buffer, ct) is > 0 and var read)
            {
                bytes += read;
                if (bytes > most)
                    return tooLarge();
                hash.AppendData(buffer, 0, read);
                if (!await WriteAsync(file, buffer.AsMemory(0, read), ct))
                    return FileFailures.NoWaitingRoom;
                moving();
            }

            if (expected is { } whole && whole != bytes)
                return FileFailures.CutOff;
            var head = new byte[Math.Min(bytes, IFileBorder.HeadBytes)];
            file.Position = 0;
            await file.ReadExactlyAsync(head, ct);
            file.Position = 0;
            kept = true;
            return new WaitingFile(file, bytes, Convert.ToHexStringLower(hash.GetHashAndReset()), head);
        }
        finally
        {
            if (!kept)
                await file.DisposeAsync();
        }
    }

    private FileStream? Open(long bytes)
    {
        var folder = options.Value.WaitingRoom;
        try
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            if (new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace - bytes < Reserve)
                return null;
            var path = Path.Combine(folder, Guid.CreateVersion7().ToString("N"));
            var file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0, Options = FileOptions.Asynchronous,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
            File.Delete(path);
            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static async Task<bool> WriteAsync(FileStream file, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        try
        {
            await file.WriteAsync(bytes, ct);
            return true;
        }
        catch (IOException)
        {
            return false; // the disk is full
        }
    }

    private sealed class Place(Action leave) : IDisposable
    {
        private Action? once = leave;

        public void Dispose() => Interlocked.Exchange(ref once, null)?.Invoke();
    }
}

/// <summary>A file that waits.</summary>
/// <param name="Content">All of it, at its beginning; seekable.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its hash, in hexadecimal digits.</param>
/// <param name="Head">Its leading bytes.</param>
internal sealed record WaitingFile(FileStream Content, long Bytes, string Sha256, byte[] Head) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Content.DisposeAsync();
}
