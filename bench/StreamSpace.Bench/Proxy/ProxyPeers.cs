using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace StreamSpace.Bench.Proxy;

/// <summary>One way from the viewer to the source: a process in between, or none.</summary>
internal sealed class ProxyPeer : IDisposable
{
    private readonly Process? _process;
    private readonly string? _folder;

    private ProxyPeer(string name, int port, string? path, Process? process, string? folder) =>
        (Name, Port, Path, _process, _folder) = (name, port, path, process, folder);

    public string Name { get; }

    public int Port { get; }

    /// <summary>WebSocket address; null for plain TCP.</summary>
    public string? Path { get; }

    public static ProxyPeer Direct(int source) => new("direct (no proxy)", source, null, null, null);

    public static Task<ProxyPeer> StreamSpaceAsync(int source) => StreamSpaceAsync(source, guarded: false);

    /// <summary>The same with data protection policies in force for every viewer.</summary>
    public static Task<ProxyPeer> GuardedAsync(int source) => StreamSpaceAsync(source, guarded: true);

    private static async Task<ProxyPeer> StreamSpaceAsync(int source, bool guarded)
    {
        var port = FreePort();
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in new[] { guarded ? "guarded-proxy-host" : "proxy-host", $"127.0.0.1:{source}", $"http://127.0.0.1:{port}" })
            start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync() is { } line && line != "ready")
        {
        }
        _ = process.StandardOutput.ReadToEndAsync(); // so that it never waits for us
        return new(guarded ? "StreamSpace with policies" : "StreamSpace", port, "/stream", process, null);
    }

    public static async Task<ProxyPeer> WebsockifyAsync(int source)
    {
        var port = FreePort();
        var start = new ProcessStartInfo("websockify") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in new[] { $"127.0.0.1:{port}", $"127.0.0.1:{source}" })
            start.ArgumentList.Add(argument);
        return await StartedAsync("websockify", port, "/", start, null);
    }

    public static async Task<ProxyPeer> HaproxyAsync(int source)
    {
        var port = FreePort();
        var folder = Directory.CreateTempSubdirectory("streamspace-bench-").FullName;
        var file = System.IO.Path.Combine(folder, "haproxy.cfg");
        await File.WriteAllTextAsync(file,
            $"""
            global
              maxconn 5000
            defaults
              mode tcp
              timeout connect 5s
              timeout client 1h
              timeout server 1h
            listen rfb
              bind 127.0.0.1:{port}
              server display 127.0.0.1:{source}

            """);
        var start = new ProcessStartInfo("haproxy") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in new[] { "-db", "-f", file })
            start.ArgumentList.Add(argument);
        return await StartedAsync("haproxy (TCP)", port, null, start, folder);
    }

    /// <summary>CPU seconds of the process and all it started, ended ones included.</summary>
    public double CpuSeconds() => Tree().Sum(pid => Cpu(pid));

    /// <summary>Resident memory of the process and all it started, in bytes.</summary>
    public long ResidentBytes() => Tree().Sum(Resident);

    public void Dispose()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }
        _process?.Dispose();
        if (_folder is not null)
            Directory.Delete(_folder, recursive: true);
    }

    private static async Task<ProxyPeer> StartedAsync(string name, int port, string? path, ProcessStartInfo start, string? folder)
    {
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        for (var i = 0; ; i++)
        {
            try
            {
                using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await probe.ConnectAsync(IPAddress.Loopback, port);
                return new(name, port, path, process, folder);
            }
            catch (SocketException) when (i < 200 && !process.HasExited)
            {
                await Task.Delay(50);
            }
        }
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private List<int> Tree()
    {
        if (_process is null)
            return [];
        var found = new List<int> { _process.Id };
        for (var i = 0; i < found.Count; i++)
        {
            var children = $"/proc/{found[i]}/task/{found[i]}/children";
            if (File.Exists(children))
                found.AddRange(File.ReadAllText(children).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse));
        }
        return found;
    }

    /// <summary>CPU seconds of one process, and of children that ended.</summary>
    public static double Cpu(int pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return Enumerable.Range(11, 4).Sum(i => long.Parse(fields[i], CultureInfo.InvariantCulture)) / 100.0; // utime, stime, and those of reaped children
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static long Resident(int pid)
    {
        try
        {
            // Pss shares pages that several processes use, so forked helpers are not counted twice.
            var line = File.ReadLines($"/proc/{pid}/smaps_rollup").First(l => l.StartsWith("Pss:", StringComparison.Ordinal));
            return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            return 0;
        }
    }
}
