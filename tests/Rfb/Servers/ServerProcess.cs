using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace StreamSpace.Rfb.Tests.Servers;

/// <summary>A real RFB server of this machine, with programs beside it; all of them end with it.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly List<Process> _processes = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("rfb-").FullName;
    private EndPoint _address = new IPEndPoint(IPAddress.Loopback, 0);

    private ServerProcess()
    {
    }

    /// <summary>The X display behind it; 0 for servers without.</summary>
    public int Display { get; private set; }

    /// <summary>The server's Unix socket; empty for one that listens on a port.</summary>
    public string SocketPath => _address is UnixDomainSocketEndPoint path ? path.ToString() : "";

    public static async Task<ServerProcess> StartAsync(string name)
    {
        var server = new ServerProcess();
        try
        {
            server.Launch(name);
            await using (await server.DialAsync())
            {
            }
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A connection, as soon as the server takes one.</summary>
    public async Task<Stream> DialAsync()
    {
        for (var tries = 0; ; tries++)
        {
            var socket = new Socket(_address.AddressFamily, SocketType.Stream, _address is UnixDomainSocketEndPoint ? ProtocolType.Unspecified : ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(_address);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException) when (tries < 300)
            {
                socket.Dispose();
                Assert.All(_processes, p => Assert.False(p.HasExited, $"{p.StartInfo.FileName} ended"));
                await Task.Delay(50);
            }
        }
    }

    /// <summary>Starts a program on the server's display.</summary>
    public Process Run(string program, string? input, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardInput = input is not null, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DISPLAY"] = $":{Display}";
        start.Environment["HOME"] = _folder;
        var process = Process.Start(start)!;
        _processes.Add(process);
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        if (input is not null)
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }
        return process;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Enumerable.Reverse(_processes))
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }
        Directory.Delete(_folder, recursive: true);
        if (Display != 0)
        {
            File.Delete($"/tmp/.X11-unix/X{Display}");
            File.Delete($"/tmp/.X{Display}-lock");
        }
    }

    private void Launch(string name)
    {
        var path = Path.Combine(_folder, "rfb");
        switch (name)
        {
            case "tigervnc":
                Tiger(path);
                _address = new UnixDomainSocketEndPoint(path);
                break;
            case "x11vnc":
                Tiger(path);
                WaitForDisplay();
                var port = FreePort();
                Run("x11vnc", null, "-display", $":{Display}", "-rfbport", $"{port}", "-localhost", "-nopw", "-shared", "-forever", "-noxrecord", "-wait", "10", "-defer", "10", "-q");
                _address = new IPEndPoint(IPAddress.Loopback, port);
                break;
            case "tightvnc":
                Display = FreeDisplay();
                port = FreePort();
                Run("Xtightvnc", null, $":{Display}", "-rfbport", $"{port}", "-localhost", "-geometry", $"{Scene.Width}x{Scene.Height}", "-depth", "24", "-pixelformat", "rgb888", "-alwaysshared",
                    "-nolisten", "tcp", "-ac", "-fp", "/usr/share/fonts/X11/misc/");
                _address = new IPEndPoint(IPAddress.Loopback, port);
                break;
            default:
                Run("qemu-system-x86_64", null, "-S", "-nodefaults", "-vga", "std", "-m", "64", "-monitor", "vc", "-display", "none", "-vnc", $"unix:{path}");
                _address = new UnixDomainSocketEndPoint(path);
                break;
        }
    }

    private void Tiger(string path)
    {
        Display = FreeDisplay();
        Run("Xtigervnc", null, $":{Display}", "-rfbport=-1", "-rfbunixpath", path, "-SecurityTypes", "None", "-geometry", $"{Scene.Width}x{Scene.Height}", "-depth", "24", "-nolisten", "tcp", "-ac",
            "-AlwaysShared");
    }

    public void WaitForDisplay()
    {
        var patience = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var painter = new XPainter(Display);
                return;
            }
            catch (SocketException) when (patience.Elapsed < TimeSpan.FromSeconds(15))
            {
                Task.Delay(30).GetAwaiter().GetResult();
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

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
