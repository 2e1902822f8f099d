using System.Globalization;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StreamSpace.Contracts;
using StreamSpace.Kernel;
using StreamSpace.Recordings.Library;
using StreamSpace.Recordings.Upload;

namespace StreamSpace.Recordings.Shelf;

/// <summary>
/// Where segments lie: a folder per recording, a file per segment, encrypted with the recording's own key. With a store, a closed segment's file goes
/// there; whoever reads need not care where it is.
/// </summary>
internal sealed class SegmentShelf(IOptions<RecordingsOptions> options, ISecretBox secrets, ObjectStore store, IDbContextFactory<RecordingsDb> databases)
{
    private const string Purpose = "recordings.key";
    private const string Ending = ".segment";
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private readonly Lazy<Guid> _id = new(() => ShelfId.Of(MakeFolder(options.Value.Directory)));

    /// <summary>Which directory this is: servers that share it share its id.</summary>
    public Guid Id => _id.Value;

    /// <summary>A key for a new recording, sealed.</summary>
    public string NewKey() => secrets.Seal(Purpose, Convert.ToBase64String(RandomNumberGenerator.GetBytes(SegmentFile.KeyLength)));

    /// <summary>Begins a segment's file; there must be none.</summary>
    public SegmentFile Create(RecordingId recording, string sealedKey, int number)
    {
        MakeFolder(options.Value.Directory);
        MakeFolder(FolderOf(recording));
        return SegmentFile.Create(PathOf(recording, number), KeyOf(sealedKey), number);
    }

    /// <summary>Opens a segment that another process left, to close it. Null when there is no file.</summary>
    /// <exception cref="IOException">Somebody still writes it.</exception>
    public (SegmentFile File, byte[] Plain)? Continue(RecordingId recording, string sealedKey, int number) =>
        File.Exists(PathOf(recording, number)) ? SegmentFile.Continue(PathOf(recording, number), KeyOf(sealedKey), number) : null;

    /// <summary>A segment as far as it is whole. Null when there is none.</summary>
    /// <exception cref="SegmentAwayException">It lies on another server's disk, or in a store that does not answer.</exception>
    public async Task<byte[]?> ReadAsync(RecordingId recording, string sealedKey, int number, CancellationToken ct)
    {
        var key = KeyOf(sealedKey);
        for (var again = false; ; again = true)
        {
            try
            {
                return await SegmentFile.ReadAsync(PathOf(recording, number), key, number, ct);
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                // Not here; the database knows where.
            }
            await using var db = await databases.CreateDbContextAsync(ct);
            var row = await db.Segments.AsNoTracking().Where(s => s.RecordingId == recording && s.Number == number).Select(s => new { s.Stored, s.Shelf, s.Bytes }).FirstOrDefaultAsync(ct);
            if (row is null)
                return null;
            if (row.Stored == "s3")
                return await FetchAsync(recording, key, number, row.Bytes, ct);
            if (row.Shelf is { } other && other != Id)
                throw new SegmentAwayException(RecordingFailures.NotUploaded);
            if (again)
                return null; // its file does not exist yet
        }
    }

    /// <summary>Removes one segment's local file.</summary>
    public void Remove(RecordingId recording, int number)
    {
        if (Directory.Exists(FolderOf(recording)))
            File.Delete(PathOf(recording, number));
    }

    /// <summary>Removes all local files of a recording.</summary>
    public void Remove(RecordingId recording)
    {
        if (Directory.Exists(FolderOf(recording)))
            Directory.Delete(FolderOf(recording), recursive: true);
    }

    /// <summary>Removes the folder of a recording that is over, when nothing lies in it any more.</summary>
    public void RemoveIfEmpty(RecordingId recording)
    {
        if (Directory.Exists(FolderOf(recording)) && !Directory.EnumerateFileSystemEntries(FolderOf(recording)).Any())
            Directory.Delete(FolderOf(recording));
    }

    /// <summary>What lies here.</summary>
    public IEnumerable<(RecordingId Recording, int[] Numbers)> List()
    {
        if (!Directory.Exists(options.Value.Directory))
            yield break;
        foreach (var folder in Directory.EnumerateDirectories(options.Value.Directory))
        {
            if (Guid.TryParseExact(Path.GetFileName(folder), "N", out var id))
                yield return (RecordingId.From(id), [.. Directory.EnumerateFiles(folder, "*" + Ending).Select(f => int.TryParse(Path.GetFileNameWithoutExtension(f), NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0).Where(n => n > 0)]);
        }
    }

    /// <summary>Whether a segment's file lies here.</summary>
    public bool Has(RecordingId recording, int number) => File.Exists(PathOf(recording, number));

    /// <summary>A segment's local file, whether there is one or not.</summary>
    public string PathOf(RecordingId recording, int number) => Path.Combine(FolderOf(recording), number.ToString("D6", CultureInfo.InvariantCulture) + Ending);

    private async Task<byte[]?> FetchAsync(RecordingId recording, byte[] key, int number, long expected, CancellationToken ct)
    {
        if (!store.Given)
            throw new SegmentAwayException(RecordingFailures.StoreAway);
        try
        {
            for (var again = false; ; again = true)
            {
                if (await store.ReadAsync(recording, number, ct) is not { } bytes)
                    return null;
                var plain = SegmentFile.Open(bytes, key, number);
                if (plain.Length == expected || again) // once more: it may have been changed on the way and not in the store
                    return plain;
            }
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            throw new SegmentAwayException(RecordingFailures.StoreAway, e);
        }
    }

    private static string MakeFolder(string path) => Directory.CreateDirectory(path, Private).FullName;

    private string FolderOf(RecordingId recording) => Path.Combine(options.Value.Directory, recording.Value.ToString("N"));

    private byte[] KeyOf(string sealedKey) =>
        Convert.FromBase64String(secrets.Open(Purpose, sealedKey) ?? throw new CryptographicException("The recording's key was sealed with another master key."));
}
