using StreamSpace.Runtimes.Local.Native;

namespace StreamSpace.Runtimes.Local.Launching;

/// <summary>
/// Asks the kernel to have at hand what an X server with OpenGL and a desktop are made of: some 200 MB, which the first launch after the machine's start would
/// otherwise wait for, for seconds. Costs nothing where they are in memory already.
/// </summary>
internal static class Readahead
{
    private static readonly string[] Libraries = ["libLLVM*.so*", "libz3.so*", "libicudata.so*", "libgallium*.so", "dri/swrast_dri.so"];
    private static readonly string[] Started = ["Xtigervnc", "openbox", "tint2", "xterm", "bwrap", "slirp4netns", "dbus-daemon"];
    private static int _asked;

    /// <summary>Returns at once; asks once in the life of this process.</summary>
    public static void Ask()
    {
        if (Interlocked.Exchange(ref _asked, 1) == 0)
            _ = Task.Run(() => Files().ToList().ForEach(Ask));
    }

    private static IEnumerable<string> Files() =>
        Folders().SelectMany(folder => Libraries.SelectMany(library => Matching(Path.Combine(folder, Path.GetDirectoryName(library)!), Path.GetFileName(library))))
            .Concat(Started.Select(Programs.Find).OfType<string>());

    private static IEnumerable<string> Folders() => Matching("/usr/lib", "*-linux-gnu", Directory.EnumerateDirectories);

    private static IEnumerable<string> Matching(string folder, string pattern, Func<string, string, IEnumerable<string>>? list = null) =>
        Directory.Exists(folder) ? (list ?? Directory.EnumerateFiles)(folder, pattern) : [];

    private static void Ask(string path)
    {
        try
        {
            using var file = File.OpenHandle(path);
            Libc.WillNeed(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Then the first launch reads it.
        }
    }
}
