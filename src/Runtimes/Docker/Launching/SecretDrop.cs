using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using StreamSpace.Runtimes.Docker.Engine;

namespace StreamSpace.Runtimes.Docker.Launching;

/// <summary>
/// Puts the display's password into a container that was created and not yet started. The engine's own way mounts the whole
/// file system in a process of its own (60 ms and more); as root beside the engine the file can be laid into the container's
/// still unmounted upper layer instead. It goes with the container either way.
/// </summary>
internal static partial class SecretDrop
{
    private const UnixFileMode OwnerOnly = (UnixFileMode)0b111_000_000;
    private const UnixFileMode Everybody = (UnixFileMode)0b111_101_101;

    /// <summary>False when this is not possible here; then the engine has to do it.</summary>
    public static bool TryLay(GraphDriver? driver, string password)
    {
        // An engine that shifts user ids keeps its layers in a folder named after the shift; root's 1000 is not its 1000.
        if (!Environment.IsPrivilegedProcess || driver is not { Name: "overlay2" } || driver.Data?.GetValueOrDefault("UpperDir") is not { } upper
            || Shifted().IsMatch(upper) || !Directory.Exists(upper))
            return false;
        try
        {
            var run = Path.Combine(upper, "run");
            var folder = Path.Combine(run, "streamspace");
            var file = Path.Combine(upper, Blueprint.SecretFile[1..]);
            Directory.CreateDirectory(run, Everybody);
            Directory.CreateDirectory(folder, OwnerOnly);
            using (var stream = new FileStream(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead }))
                stream.Write(Encoding.UTF8.GetBytes(password));
            return ChangeOwner(folder, Blueprint.User, Blueprint.User) == 0 && ChangeOwner(file, Blueprint.User, Blueprint.User) == 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"/[0-9]+\.[0-9]+/", RegexOptions.CultureInvariant, 200)]
    private static partial Regex Shifted();

    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("libc", EntryPoint = "chown", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, uint user, uint group);
}
