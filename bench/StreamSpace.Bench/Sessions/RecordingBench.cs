using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using StreamSpace.Client;
using StreamSpace.EndToEnd.Tests.Harness;
using StreamSpace.Rfb.Ends;

namespace StreamSpace.Bench.Sessions;

/// <summary>
/// What a recording costs: processor time of our server and of the session's X server, with and without one, taking turns twice; over a still desktop, and over
/// one in which an area of some 400x300 changes 25 times a second. Nobody looks at the session meanwhile.
/// </summary>
internal static class RecordingBench
{
    // Smooth colours that wander, so that pictures are JPEG inside Tight; drawn beforehand, so that the frames keep their pace.
    private const string Animation =
        """
        $| = 1;
        my @frames = map { my $t = $_; join "", "\e[H", map { my $y = $_; (map { my $x = $_; sprintf "\e[48;2;%d;%d;%dm ",
          128 + 127 * sin(($x + $t) / 5), 128 + 127 * cos(($y - $t) / 4), 128 + 127 * sin(($x + $y + 2 * $t) / 9) } 0 .. 43), "\e[0m\n" } 0 .. 16 } 0 .. 49;
        print "\e[2J\e[?25l";
        for (my $i = 0;; $i++) { print $frames[$i % @frames]; select undef, undef, undef, 0.04 }

        """;

    private const int Rounds = 2;

    /// <summary>Shares of a core in percent.</summary>
    private sealed record Figures(List<double> Ours, List<double> Display)
    {
        public double OursMean => Ours.Average();

        public double DisplayMean => Display.Average();
    }

    public static async Task RunAsync(Report report, int n, CancellationToken ct)
    {
        var run = Directory.CreateTempSubdirectory("ssr-").FullName;
        File.SetUnixFileMode(run, (UnixFileMode)0b111_001_001); // sessions' uids pass through
        try
        {
            await using var server = await ServerProcess.StartAsync(new ServerSettings { Environment = { ["Runtimes__Local__RunDirectory"] = run } });
            using var client = await server.LogInAsync();
            var wish = new NewSession { Template = "terminal", Runtime = "local", Geometry = "1280x800", IdleTimeout = "8h", FreezeAfter = "4h" };
            var session = (await client.Sessions.CreateAsync(wish, ct)).Id;
            await client.UntilAsync(session, [Phases.Running], _ => { }, ct);
            await LookAsync(client, session, null, ct);
            var display = DisplayProcess(run);
            await RecordAsync(client, session, TimeSpan.FromSeconds(3), () => Task.Delay(3000, ct), ct); // compiles the way
            await Task.Delay(5000, ct); // what a server does after its start is done
            var time = TimeSpan.FromSeconds(Math.Max(2, n));

            var (without, with, _) = await TurnsAsync(client, session, server.ProcessId, display, time, ct);
            Tell(report, "a still desktop", without, with, (0.5, 0.5), ("nothing measurable", "nothing measurable"));

            await File.WriteAllTextAsync(Path.Combine(HomeOf(server), "animate"), Animation, ct);
            var (area, pace) = await LookAsync(client, session, "perl animate\r", ct);
            if (pace < 15)
                throw new InvalidOperationException($"The animation runs at {pace:0} pictures a second.");
            (without, with, var bytes) = await TurnsAsync(client, session, server.ProcessId, display, time, ct);
            Tell(report, string.Create(CultureInfo.InvariantCulture, $"an animation of {area} ({pace:0} updates a second at a viewer)"), without, with, (2, 10), ("our own CPU", "what it adds in Xvnc"));
            report.Add("what an animation's recording weighs", string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6 * 60 / time.TotalSeconds:0.0} MB a minute"));
        }
        finally
        {
            Directory.Delete(run, recursive: true);
        }
    }

    private static void Tell(Report report, string scene, Figures without, Figures with, (double Ours, double Display) bars, (string Ours, string Display) names)
    {
        var (ours, display) = (with.OursMean - without.OursMean, with.DisplayMean - without.DisplayMean);
        report.Add($"{scene} recorded: our server's processor time", Text(ours, without.Ours, with.Ours), Bar(names.Ours, bars.Ours), ours <= bars.Ours);
        report.Add($"{scene} recorded: what it adds in the session's X server", Text(display, without.Display, with.Display), Bar(names.Display, bars.Display), display <= bars.Display);
    }

    private static string Bar(string name, double most) => string.Create(CultureInfo.InvariantCulture, $"{name} <= {most:0.#} % of a core");

    private static string Text(double added, List<double> without, List<double> with) => string.Create(CultureInfo.InvariantCulture,
        $"{added:+0.00;-0.00;0.00} % of a core (without {string.Join(", ", without.Select(Share))}; with {string.Join(", ", with.Select(Share))})");

    private static string Share(double percent) => percent.ToString("0.00", CultureInfo.InvariantCulture);

    private static async Task<(Figures Without, Figures With, double Bytes)> TurnsAsync(StreamSpaceClient client, string session, int ours, int display, TimeSpan time, CancellationToken ct)
    {
        Figures without = new([], []), with = new([], []);
        var bytes = 0.0;
        for (var round = 0; round < Rounds; round++)
        {
            await MeasureAsync(without, ours, display, time, ct);
            bytes += await RecordAsync(client, session, time, () => MeasureAsync(with, ours, display, time, ct), ct);
        }

        return (without, with, bytes / Rounds);
    }

    private static async Task MeasureAsync(Figures figures, int ours, int display, TimeSpan time, CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        var (oursBefore, displayBefore) = (Cpu(ours), Cpu(display));
        await Task.Delay(time, ct);
        var seconds = watch.Elapsed.TotalSeconds;
        figures.Ours.Add(100 * (Cpu(ours) - oursBefore) / seconds);
        figures.Display.Add(100 * (Cpu(display) - displayBefore) / seconds);
    }

    /// <summary>Records while something is done, from a second after the start on: one connection lasts a minute, and its first picture would weigh too much in less.</summary>
    /// <returns>Bytes of the recording, in proportion to <paramref name="time"/>.</returns>
    private static async Task<double> RecordAsync(StreamSpaceClient client, string session, TimeSpan time, Func<Task> during, CancellationToken ct)
    {
        var recording = await client.Recordings.StartAsync(session, null, ct);
        while (await client.Recordings.SegmentsAsync(recording.Id, ct) is not [{ Bytes: > 0 }, ..])
            await Task.Delay(100, ct);
        await Task.Delay(1000, ct);
        await during();
        await client.Recordings.StopAsync(session, ct);
        while ((await client.Recordings.GetAsync(recording.Id, ct)).State == "recording")
            await Task.Delay(100, ct);
        var segments = await client.Recordings.SegmentsAsync(recording.Id, ct);
        await Task.Delay(1000, ct);
        return segments.Sum(s => s.Bytes) * time.TotalMilliseconds / Math.Max(1, segments.Sum(s => s.DurationMs));
    }

    /// <summary>Looks until there is a picture, types if something is to be typed, tells what moves, and leaves.</summary>
    private static async Task<(string Area, double UpdatesPerSecond)> LookAsync(StreamSpaceClient client, string session, string? keys, CancellationToken ct)
    {
        (string, double) moves = ("nothing", 0);
        await using (var viewer = await Viewing.ConnectAsync(client, session, ct))
        {
            await viewer.FirstPictureAsync(ct);
            await Task.Delay(1500, ct); // the shell's prompt
            foreach (var key in keys ?? "")
            {
                var keysym = key == '\r' ? 0xff0d : (uint)key;
                await viewer.KeyAsync(keysym, down: true, ct);
                await viewer.KeyAsync(keysym, down: false, ct);
                await Task.Delay(20, ct);
            }

            await Task.Delay(1000, ct);
            if (keys is not null)
                moves = await MovesAsync(viewer, ct);
        }

        await Task.Delay(3000, ct);
        return moves;
    }

    /// <summary>The area that changes within two seconds, and how often.</summary>
    private static async Task<(string Area, double UpdatesPerSecond)> MovesAsync(RfbClient viewer, CancellationToken ct)
    {
        int[]? first = null;
        var (left, top, right, bottom, updates) = (int.MaxValue, int.MaxValue, 0, 0, 0);
        var watch = Stopwatch.StartNew();
        await viewer.FollowAsync(TimeSpan.Zero, picture =>
        {
            if (first is null)
            {
                first = picture.Pixels.ToArray();
                watch.Restart();
                return true;
            }

            updates++;
            for (var i = 0; updates % 8 == 0 && i < first.Length; i++)
            {
                if (first[i] == picture.Pixels[i])
                    continue;
                var (x, y) = (i % picture.Width, i / picture.Width);
                (left, top, right, bottom) = (Math.Min(left, x), Math.Min(top, y), Math.Max(right, x + 1), Math.Max(bottom, y + 1));
            }

            return watch.Elapsed < TimeSpan.FromSeconds(2);
        }, TimeProvider.System, ct).WaitAsync(TimeSpan.FromSeconds(20), ct);
        return ($"{Math.Max(0, right - left)}x{Math.Max(0, bottom - top)}", updates / watch.Elapsed.TotalSeconds);
    }

    private static string HomeOf(ServerProcess server) => Directory.EnumerateDirectories(Path.Combine(server.Data, "local", "homes")).Single();

    /// <summary>The process that listens at the session's display (SO_PEERCRED, unix(7)).</summary>
    private static int DisplayProcess(string run)
    {
        const int SocketLevel = 1, PeerCredentials = 17;
        var path = Directory.EnumerateDirectories(run).Select(folder => Path.Combine(folder, "rfb", "s")).Single(File.Exists);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        var credentials = new byte[12];
        socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials);
        var pid = BitConverter.ToInt32(credentials);
        var name = File.ReadAllText($"/proc/{pid}/comm").Trim();
        return name == "Xtigervnc" ? pid : throw new InvalidOperationException($"{name} listens at the session's display.");
    }

    /// <summary>CPU seconds of the process itself; its database and its sessions are processes of their own.</summary>
    private static double Cpu(int pid)
    {
        var text = File.ReadAllText($"/proc/{pid}/stat");
        return text[(text.LastIndexOf(')') + 2)..].Split(' ').Skip(11).Take(2).Sum(v => long.Parse(v, CultureInfo.InvariantCulture)) / 100.0;
    }
}
