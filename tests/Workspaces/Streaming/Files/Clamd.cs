using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace StreamSpace.Workspaces.Tests.Streaming.Files;

/// <summary>A real ClamAV daemon that knows one thing: the EICAR test string, by a signature of our own, so that no network is needed.</summary>
internal sealed class Clamd : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("ss-clamd-").FullName;
    private Process? process;

    /// <summary>The string every virus scanner knows; in two pieces, since other scanners read sources.</summary>
    public static string Eicar => "X5O!P%@AP[4\\PZX54(P^)7CC)7}" + "$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*";

    public string Socket => Path.Combine(folder, "clamd.sock");

    public static async Task<Clamd> StartAsync(int streamMegabytes = 400)
    {
        var clamd = new Clamd();
        var database = Directory.CreateDirectory(Path.Combine(clamd.folder, "db")).FullName;
        await File.WriteAllTextAsync(Path.Combine(database, "test.ndb"), $"StreamSpace.Eicar:0:*:{Convert.ToHexStringLower(System.Text.Encoding.ASCII.GetBytes(Eicar))}\n");
        await File.WriteAllTextAsync(Path.Combine(clamd.folder, "clamd.conf"), string.Create(CultureInfo.InvariantCulture, $"""
            Foreground yes
            LocalSocket {clamd.Socket}
            DatabaseDirectory {database}
            TemporaryDirectory {clamd.folder}
            StreamMaxLength {streamMegabytes}M
            MaxThreads 4
            Bytecode no
            ConcurrentDatabaseReload no

            """));
        await clamd.RunAsync();
        return clamd;
    }

    /// <summary>Starts the daemon, again after <see cref="StopAsync"/>, and waits until it listens.</summary>
    public async Task RunAsync()
    {
        process = Process.Start(new ProcessStartInfo("/usr/sbin/clamd", ["--config-file", Path.Combine(folder, "clamd.conf")]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" })!;
        _ = process.StandardOutput.ReadToEndAsync();
        var said = process.StandardError.ReadToEndAsync();
        for (var left = 300; left > 0 && !process.HasExited; left--)
        {
            try
            {
                using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(Socket));
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(100);
            }
        }

        throw new InvalidOperationException("clamd did not start: " + (process.HasExited ? await said : "it does not listen"));
    }

    public async Task StopAsync()
    {
        process!.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
            await StopAsync();
        Directory.Delete(folder, recursive: true);
    }
}
