namespace StreamSpace.Recordings.Shelf;

/// <summary>The id of a directory of segments, kept in the directory: it goes where the files go.</summary>
internal static class ShelfId
{
    private const string Name = "shelf.id";

    /// <summary>Reads it, or makes it; of several processes that make one at the same time, the first one's counts.</summary>
    /// <exception cref="IOException">The file is there and holds no id.</exception>
    public static Guid Of(string directory)
    {
        var path = Path.Combine(directory, Name);
        if (!File.Exists(path))
        {
            var mine = Path.Combine(directory, $"{Name}.{Guid.CreateVersion7():N}");
            File.WriteAllText(mine, Guid.CreateVersion7().ToString());
            try
            {
                File.Move(mine, path, overwrite: false);
            }
            catch (IOException) when (File.Exists(path))
            {
                File.Delete(mine);
            }
        }
        return Guid.TryParse(File.ReadAllText(path).Trim(), out var id) ? id : throw new IOException($"{path} holds no id. Delete it; a new one is made.");
    }
}
