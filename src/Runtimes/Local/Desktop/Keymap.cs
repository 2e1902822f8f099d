using System.ComponentModel;
using System.Diagnostics;

namespace StreamSpace.Runtimes.Local.Desktop;

/// <summary>
/// The keymap every X server starts with, compiled once instead of at each launch: it is a third of the server's start. Inside a session a
/// stand-in takes the compiler's place (Resources/kit/keymap), and hands on whatever it does not know.
/// </summary>
internal static class Keymap
{
    private const string Compiler = "/usr/bin/xkbcomp";
    private const string CompilerInside = "/opt/xkbcomp";
    private const string StandIn = "keymap/xkbcomp";
    private const string Wish = "keymap/wish";
    private const string Compiled = "keymap/compiled.xkm";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Adds the compiled keymap to the kit's files. Without a compiler there is none, and nothing to stand in for.</summary>
    public static void AddTo(Dictionary<string, byte[]> files)
    {
        if (Compile(files[Wish]) is { } compiled)
            files[Compiled] = compiled;
    }

    /// <summary>What the sandbox needs for it.</summary>
    public static IEnumerable<string> Mounts(string kit) =>
        File.Exists(Path.Combine(kit, Compiled)) ? ["--ro-bind", Compiler, CompilerInside, "--ro-bind", Path.Combine(kit, StandIn), Compiler] : [];

    /// <summary>Programs among the kit's files.</summary>
    public static bool IsProgram(string name) => name == StandIn;

    private static byte[]? Compile(byte[] wish)
    {
        // Something may only be mounted over a file, not over a link.
        if (new FileInfo(Compiler) is not { Exists: true, LinkTarget: null })
            return null;
        var start = new ProcessStartInfo(Compiler, ["-w", "0", "-R/usr/share/X11/xkb", "-xkm", "-", "-"])
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/",
        };
        try
        {
            using var compiler = Process.Start(start)!;
            using var tooLong = new Timer(_ => compiler.Kill(), null, Patience, Timeout.InfiniteTimeSpan);
            compiler.StandardInput.BaseStream.Write(wish);
            compiler.StandardInput.Close();
            using var compiled = new MemoryStream();
            compiler.StandardOutput.BaseStream.CopyTo(compiled);
            compiler.WaitForExit();
            return compiler.ExitCode == 0 && compiled.Length > 0 ? compiled.ToArray() : null;
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            return null;
        }
    }
}
