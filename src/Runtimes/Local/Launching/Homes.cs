using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Runtimes.Local.Native;

namespace StreamSpace.Runtimes.Local.Launching;

/// <summary>Makes homes: one per person, or one per session when it shall go with it.</summary>
internal static class Homes
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public static string Create(Places places, LaunchSpec spec, int uid)
    {
        var home = spec.PersistentHome ? places.Home(spec.Owner) : places.Session(spec.Session).OwnHome;
        if (Directory.Exists(home))
            return home;

        // Filled beside its place and moved there, so that a home is never seen half made.
        var draft = $"{home}.{Guid.CreateVersion7():N}";
        Directory.CreateDirectory(draft, Private);
        foreach (var (name, content) in Resources.Folder("skeleton/"))
        {
            var file = Path.Combine(draft, $".{name}");
            File.WriteAllBytes(file, content);
            Own(file, uid);
        }

        foreach (var folder in new[] { "Desktop", "Documents", "Downloads", "Pictures" })
        {
            Directory.CreateDirectory(Path.Combine(draft, folder));
            Own(Path.Combine(draft, folder), uid);
        }

        Own(draft, uid);
        try
        {
            Directory.Move(draft, home);
        }
        catch (IOException) when (Directory.Exists(home))
        {
            Remove(draft);
        }

        return home;
    }

    /// <summary>Removes a folder that a session could write to. Links in it are removed, never followed.</summary>
    public static void Remove(string folder)
    {
        if (!Directory.Exists(folder))
            return;
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (UnauthorizedAccessException)
        {
            // Folders whose owner took the right to write from himself.
            foreach (var inner in Directory.EnumerateDirectories(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true }))
                File.SetUnixFileMode(inner, Private);
            Directory.Delete(folder, recursive: true);
        }
    }

    public static void RemoveContents(string folder)
    {
        Remove(folder);
        Directory.CreateDirectory(folder);
    }

    public static void Own(string path, int uid)
    {
        if (Environment.IsPrivilegedProcess && Libc.LinkChown(path, uid, uid) != 0)
            throw Libc.Failure(path);
    }
}
