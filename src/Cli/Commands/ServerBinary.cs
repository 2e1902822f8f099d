using System.Runtime.InteropServices;

namespace StreamSpace.Cli.Commands;

/// <summary>Finds the server beside this program and becomes it, so that signals, terminal and exit code are the server's own.</summary>
internal static partial class ServerBinary
{
    private const string FileName = "StreamSpace.Server";

    /// <summary>Returns only if it did not work.</summary>
    public static int Become(IEnumerable<string> arguments)
    {
        var binary = Find() ?? throw new CliFailure(ExitCode.Failure, "The server is not installed beside this program. In the repository, ./run builds both.");
        string?[] line = [binary, .. arguments, null];
        _ = Execute(binary, line);
        throw new CliFailure(ExitCode.Failure, $"{binary} could not be started: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    private static string? Find()
    {
        var here = AppContext.BaseDirectory;
        var named = Environment.GetEnvironmentVariable("STREAMSPACE_SERVER_BINARY");
        return new[] { named, Path.Combine(here, FileName), Path.GetFullPath(Path.Combine(here, "..", "server", FileName)) }
            .FirstOrDefault(p => !string.IsNullOrEmpty(p) && File.Exists(p));
    }

    [LibraryImport("libc", EntryPoint = "execv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Execute(string path, string?[] arguments);
}
