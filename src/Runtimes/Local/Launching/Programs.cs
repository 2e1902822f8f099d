namespace StreamSpace.Runtimes.Local.Launching;

/// <summary>Finds programs on this machine where a session, or the guard, would find them.</summary>
internal static class Programs
{
    private static readonly string[] Folders = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/games", "/usr/games"];

    public static string? Find(string name) =>
        name.StartsWith('/') ? (File.Exists(name) ? name : null) : Folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
