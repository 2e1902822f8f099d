using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace StreamSpace.Bench.Proxy;

/// <summary>
/// A real desktop of 1280x800: TigerVNC's X server as a session has it, less its limit of 60 pictures a second, and an xterm over all of it in which text
/// scrolls for ever, four lines at a time and some hundred times a second.
/// </summary>
internal sealed class ScrollingDesktop : IDisposable
{
    public const int Width = 1280;
    public const int Height = 800;

    // Lines of random words. The pause leaves processor time to those that are measured.
    private const string Text =
        """
        $| = 1; srand 1;
        for (;;) {
          for (1 .. 4) { print join(" ", map { join "", map { ("a" .. "z", 0 .. 9)[rand 36] } 1 .. 2 + rand 9 } 1 .. 28), "\n" }
          select undef, undef, undef, 0.005;
        }
        """;

    private readonly Process _server;
    private readonly int _display;
    private Process? _terminal;

    private ScrollingDesktop(Process server, int display, int port) => (_server, _display, Port) = (server, display, port);

    /// <summary>RFB over TCP on the loopback.</summary>
    public int Port { get; }

    public static async Task<ScrollingDesktop> StartAsync(CancellationToken ct)
    {
        var display = FreeDisplay();
        var port = EndToEnd.Tests.Harness.Checkout.FreePort();
        var server = Start("Xtigervnc", display, [$":{display}", $"-rfbport={port}", "-interface", "127.0.0.1", "-SecurityTypes", "None", "-geometry", $"{Width}x{Height}", "-depth", "24", "-nolisten", "tcp", "-ac", "-AlwaysShared", "-FrameRate", "250"]);
        var desktop = new ScrollingDesktop(server, display, port);
        try
        {
            await desktop.ReadyAsync(ct);
            desktop._terminal = Start("xterm", display, ["-geometry", "212x61+0+0", "-fn", "fixed", "-b", "0", "-bw", "0", "+sb", "-e", "perl", "-e", Text]);
            await Task.Delay(1500, ct);
            return desktop._terminal.HasExited ? throw new InvalidOperationException("xterm ended at once.") : desktop;
        }
        catch
        {
            desktop.Dispose();
            throw;
        }
    }

    /// <summary>CPU seconds that the X server has used.</summary>
    public double CpuSeconds() => ProxyPeer.Cpu(_server.Id);

    public void Dispose()
    {
        foreach (var process in new[] { _terminal, _server })
        {
            if (process is { HasExited: false })
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
            }

            process?.Dispose();
        }

        File.Delete($"/tmp/.X11-unix/X{_display}");
        File.Delete($"/tmp/.X{_display}-lock");
    }

    private static Process Start(string program, int display, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DISPLAY"] = string.Create(CultureInfo.InvariantCulture, $":{display}");
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private async Task ReadyAsync(CancellationToken ct)
    {
        for (var left = 300; ; left--)
        {
            if (_server.HasExited)
                throw new InvalidOperationException("Xtigervnc ended.");
            try
            {
                using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await probe.ConnectAsync(IPAddress.Loopback, Port, ct);
                return;
            }
            catch (SocketException) when (left > 0)
            {
                await Task.Delay(50, ct);
            }
        }
    }

    private static int FreeDisplay()
    {
        while (true)
        {
            var display = Random.Shared.Next(300, 60_000);
            if (!File.Exists($"/tmp/.X11-unix/X{display}") && !File.Exists($"/tmp/.X{display}-lock"))
                return display;
        }
    }
}
