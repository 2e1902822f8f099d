using System.Globalization;
using System.Security.Cryptography;
using StreamSpace.Kernel;

namespace StreamSpace.Recordings.Exports;

/// <summary>Where films lie: a folder beside the recordings', shared by replicas, a sealed file per film.</summary>
internal sealed class FilmShelf(RecordingsOptions options, ISecretBox secrets)
{
    private const string Purpose = "recordings.export";
    private const string Ending = ".film";
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private string Folder => Path.Combine(options.Directory, "exports");

    /// <summary>A new key, plain and sealed.</summary>
    public (byte[] Plain, string Sealed) NewKey()
    {
        var key = RandomNumberGenerator.GetBytes(SealedFile.KeyLength);
        return (key, secrets.Seal(Purpose, Convert.ToBase64String(key)));
    }

    /// <summary>Opens a film; null when its file is gone.</summary>
    public Stream? Open(Guid file, string sealedKey)
    {
        var key = Convert.FromBase64String(secrets.Open(Purpose, sealedKey) ?? throw new CryptographicException("The export's key was sealed with another master key."));
        try
        {
            return SealedFile.Open(PathOf(file), key);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Where a film is put; the folder is there afterwards.</summary>
    public string PathOf(Guid file) => Path.Combine(MakeFolder(), file.ToString("N", CultureInfo.InvariantCulture) + Ending);

    /// <summary>Where an encoder begins to write; it takes the name away at once.</summary>
    public string ScratchOf(Guid file) => Path.Combine(MakeFolder(), file.ToString("N", CultureInfo.InvariantCulture) + ".scratch");

    public void Remove(Guid? file)
    {
        if (file is not { } known)
            return;
        File.Delete(PathOf(known));
        File.Delete(ScratchOf(known));
    }

    /// <summary>Removes old files that nobody knows of: what a killed process left.</summary>
    public int RemoveStrangers(IReadOnlySet<Guid> known, DateTimeOffset olderThan)
    {
        if (!Directory.Exists(Folder))
            return 0;
        var removed = 0;
        foreach (var path in Directory.EnumerateFiles(Folder))
        {
            if (File.GetLastWriteTimeUtc(path) < olderThan.UtcDateTime && (!Guid.TryParseExact(Path.GetFileNameWithoutExtension(path), "N", out var file) || !known.Contains(file)))
            {
                File.Delete(path);
                removed++;
            }
        }
        return removed;
    }

    private string MakeFolder()
    {
        Directory.CreateDirectory(options.Directory, Private);
        return Directory.CreateDirectory(Folder, Private).FullName;
    }
}
