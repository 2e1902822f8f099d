using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using StreamSpace.Client;
using StreamSpace.EndToEnd.Tests.Harness;
using StreamSpace.Rfb.Ends;

namespace StreamSpace.Bench.Sessions;

/// <summary>How long a launch takes, beside starting the same programs by hand. Both take turns, so that whatever else the machine does hits both.</summary>
internal static class LaunchBench
{
    private const string Image = "streamspace/terminal:1";

    // What a person would type: the X server, then the window manager and the terminal as soon as the display is there.
    private const string ByHand =
        """
        Xtigervnc ":$1" -rfbport=-1 -rfbunixpath "$2" -SecurityTypes None -geometry 1280x800 -depth 24 -nolisten tcp -ac >/dev/null 2>&1 &
        trap "kill $! 2>/dev/null" EXIT
        while [ ! -S "/tmp/.X11-unix/X$1" ]; do sleep 0.005; done
        DISPLAY=":$1" openbox >/dev/null 2>&1 &
        DISPLAY=":$1" xterm -maximized >/dev/null 2>&1 &
        read -r _
        """;

    // What tells a session's container from one that is just run (src/Runtimes/Docker/Launching/Blueprint.cs).
    private static readonly string[] Walls =
    [
        "--network", "streamspace", "--memory", "512m", "--memory-swap", "512m", "--cpus", "1", "--pids-limit", "1024", "--cap-drop", "ALL", "--security-opt", "no-new-privileges",
        "--ipc", "private", "--shm-size", "256m", "-v", "streamspace-bench-home:/home/user", "--tmpfs", "/tmp:rw,exec,nosuid,nodev,mode=1777",
        "--tmpfs", "/run/user/1000:rw,nosuid,nodev,mode=0700,uid=1000,gid=1000", "-e", "STREAMSPACE_OPENGL=0",
    ];

    public static async Task LocalAsync(Report report, int n, CancellationToken ct)
    {
        await using var server = await ServerProcess.StartAsync(new ServerSettings { Runtime = "local" });
        using var client = await server.LogInAsync();
        Samples ours = new(), hand = new();
        for (var i = -2; i < n; i++) // two of each warm up and do not count
        {
            var launched = await LaunchAsync(client, "local", picture: true, ct);
            var started = await ByHandAsync(i, ct);
            if (i < 0)
                continue;
            ours.Add(launched);
            hand.Add(started);
        }

        var ratio = ours.P50 / hand.P50;
        report.Add("local: the same X server, window manager and terminal by hand, start to first frame that is not blank", hand.Text());
        report.Add("local: POST /sessions to first frame that is not blank in a viewer's socket", $"{ours.Text()}; {Times(ratio)} by hand", "<= 1.5x by hand", ratio <= 1.5);
    }

    public static async Task DockerAsync(Report report, int n, CancellationToken ct)
    {
        await using var server = await ServerProcess.StartAsync(new ServerSettings { Runtime = "docker" });
        using var client = await server.LogInAsync();
        Samples ours = new(), hand = new(), walled = new();
        for (var i = -1; i < n; i++) // the first builds the image if need be
        {
            var launched = await LaunchAsync(client, "docker", picture: false, ct);
            var started = await DockerRunAsync([], ct);
            var alike = await DockerRunAsync(Walls, ct);
            if (i < 0)
                continue;
            ours.Add(launched);
            hand.Add(started);
            walled.Add(alike);
        }

        await Shell.RunAsync("docker", "volume", "rm", "streamspace-bench-home");
        var ratio = ours.P50 / hand.P50;
        report.Add($"docker: docker run {Image}, to its RFB banner", hand.Text());
        report.Add("docker: docker run with the limits, the network and the volumes that a session gets, to its RFB banner", $"{walled.Text()}; ours is {Times(ours.P50 / walled.P50)} of it");
        report.Add("docker: POST /sessions to the display's ServerInit through the proxy (one round trip after its banner)", $"{ours.Text()}; {Times(ratio)} docker run", "<= 1.15x docker run", ratio <= 1.15);
    }

    private static async Task<double> LaunchAsync(StreamSpaceClient client, string runtime, bool picture, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        var session = await client.Sessions.CreateAsync(new NewSession { Template = "terminal", Runtime = runtime }, ct);
        double took;
        await using (var viewer = await Viewing.ConnectAsync(client, session.Id, ct))
        {
            if (picture)
                await viewer.FirstPictureAsync(ct);
            took = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }

        await client.Sessions.DeleteAsync(session.Id, ct);
        await client.UntilAsync(session.Id, [Phases.Terminated], _ => { }, ct);
        return took;
    }

    private static async Task<double> ByHandAsync(int i, CancellationToken ct)
    {
        var path = $"/tmp/ss-bench-{Environment.ProcessId}-{i + 2}.sock";
        var display = (200 + Environment.ProcessId % 500 + i + 2).ToString(CultureInfo.InvariantCulture);
        var started = Stopwatch.GetTimestamp();
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", ByHand, "by-hand", display, path]) { UseShellExecute = false, RedirectStandardInput = true })!;
        await using (var viewer = await RfbClient.ConnectAsync(await DialAsync(new UnixDomainSocketEndPoint(path), ct), null, ct))
            await viewer.FirstPictureAsync(ct);
        var took = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        shell.StandardInput.Close();
        await shell.WaitForExitAsync(ct);
        File.Delete(path);
        return took;
    }

    private static async Task<double> DockerRunAsync(string[] walls, CancellationToken ct)
    {
        var secret = Path.GetTempFileName();
        await File.WriteAllTextAsync(secret, "bench123", ct);
        File.SetUnixFileMode(secret, (UnixFileMode)0b110_100_100);
        var started = Stopwatch.GetTimestamp();
        var container = (await Shell.RunAsync("docker", ["run", "-d", "--init", "-v", $"{secret}:/run/vnc-password:ro", "-e", "STREAMSPACE_VNC_PASSWORD_FILE=/run/vnc-password", "-e", "STREAMSPACE_GEOMETRY=1280x800", .. walls, Image])).Trim();
        var address = (await Shell.RunAsync("docker", "inspect", "-f", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", container)).Trim();
        await using (var stream = await DialAsync(new System.Net.IPEndPoint(System.Net.IPAddress.Parse(address), 5900), ct))
            await stream.ReadExactlyAsync(new byte[12], ct);
        var took = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        await Shell.RunAsync("docker", "rm", "-f", container);
        File.Delete(secret);
        return took;
    }

    private static async Task<Stream> DialAsync(System.Net.EndPoint address, CancellationToken ct)
    {
        while (true)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(address, ct);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException)
            {
                socket.Dispose();
                await Task.Delay(5, ct);
            }
        }
    }

    private static string Times(double ratio) => string.Create(CultureInfo.InvariantCulture, $"{ratio:0.00}x");
}
