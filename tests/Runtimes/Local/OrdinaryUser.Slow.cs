using System.Diagnostics;
using StreamSpace.Runtimes.Tests.ContractSuite;
using StreamSpace.Tests.Shared;
using Xunit.Abstractions;

namespace StreamSpace.Runtimes.Tests.Local;

/// <summary>The contract again, by a user without any privilege: this same assembly is run a second time under an uid of its own.</summary>
[Trait("Category", "Slow")]
public sealed class OrdinaryUser(ITestOutputHelper output)
{
    private const string Uid = "54321";

    [RequiresFact("local", "root")]
    public async Task The_contract_holds_without_root()
    {
        var folder = Directory.CreateTempSubdirectory("ss-user-").FullName;
        try
        {
            var tests = Path.Combine(folder, "tests");
            CopyFolder(AppContext.BaseDirectory, tests);
            var home = Directory.CreateDirectory(Path.Combine(folder, "home")).FullName;
            await RunAsync("/bin/sh", "-c", $"chmod 755 {folder}; chmod -R a+rX {tests}; chown {Uid}:{Uid} {home}");

            // udev opens the tunnel device to everybody; on a machine without it that is done here, where nobody else sees it.
            var script = "test $(stat -c %a /dev/net/tun) = 666 || { mount -t tmpfs tmpfs /dev/net && mknod -m 666 /dev/net/tun c 10 200; }; cd /; "
                + $"exec setpriv --reuid {Uid} --regid {Uid} --clear-groups env -i HOME={home} DOTNET_CLI_HOME={home} TMPDIR={home} DOTNET_NOLOGO=1 PATH=$PATH "
                + $"dotnet vstest {tests}/StreamSpace.Runtimes.Tests.dll '--TestCaseFilter:FullyQualifiedName~LocalInside|FullyQualifiedName~LocalWalls|FullyQualifiedName~LocalHardening|FullyQualifiedName~LocalLeftovers.Killing'";
            var (code, text) = await RunAsync("/usr/bin/unshare", "--mount", "--propagation", "slave", "/bin/sh", "-c", script);
            output.WriteLine(text);
            Assert.True(code == 0, text);
            Assert.Contains("Passed!", text, StringComparison.Ordinal);
            Assert.DoesNotContain("Passed:     0", text, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(int Code, string Text)> RunAsync(string program, params string[] arguments)
    {
        using var patience = RuntimeBed.Patience(240);
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            var errors = process.StandardError.ReadToEndAsync(patience.Token);
            var text = await process.StandardOutput.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, text + await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (var folder in Directory.EnumerateDirectories(from))
            CopyFolder(folder, Path.Combine(to, Path.GetFileName(folder)));
    }
}
