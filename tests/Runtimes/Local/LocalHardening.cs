using StreamSpace.Contracts;
using StreamSpace.Runtimes.Local;
using StreamSpace.Runtimes.Local.Launching;
using StreamSpace.Runtimes.Local.Lifecycle;
using StreamSpace.Runtimes.Local.Native;
using StreamSpace.Runtimes.Tests.ContractSuite;
using StreamSpace.Tests.Shared;

namespace StreamSpace.Runtimes.Tests.Local;

/// <summary>Walls that only sandboxes on this machine need.</summary>
public sealed class LocalHardening(LocalBed bed) : IClassFixture<LocalBed>
{
    private Places Places => new(bed.Options);

    [RequiresFact("local")]
    public async Task Dangerous_system_calls_are_refused()
    {
        var spec = await bed.SharedAsync();
        var keyctl = SystemCalls.Number("keyctl");
        var bpf = SystemCalls.Number("bpf");
        var uring = SystemCalls.Number("io_uring_setup");
        var (_, output) = await bed.Runtime.RunAsync(
            spec.Session,
            $"perl -e 'for ({keyctl}, {bpf}, {uring}) {{ $! = 0; print syscall($_, 0, 0, 0, 0, 0) == -1 ? $!+0 : \"allowed\", \" \" }} socket(S, 40, 1, 0); print $!+0, \" \"; socket(T, 38, 5, 0); print $!+0, \" \"; print socket(U, 2, 1, 0) ? 1 : 0; my $x = \"x\"; ioctl(STDIN, 0x5412, $x); print \" \", $!+0'");
        Assert.Equal("1 1 1 97 97 1 1", output);
    }

    [RequiresFact("local")]
    public async Task Programs_may_still_make_namespaces_of_their_own_as_browsers_do()
    {
        var spec = await bed.SharedAsync();
        var (code, output) = await bed.Runtime.RunAsync(spec.Session, "unshare --user --map-root-user --net --pid --fork --mount true");
        Assert.True(code == 0, output);
        // Even as root of a namespace of its own it cannot open the routes that lead to the machine.
        (code, _) = await bed.Runtime.RunAsync(spec.Session, "unshare --user --map-root-user ip route del unreachable 10.0.0.0/8");
        Assert.NotEqual(0, code);
    }

    [RequiresFact("local", "root")]
    public async Task The_display_s_socket_cannot_be_replaced_by_the_session()
    {
        var spec = await bed.SharedAsync();
        var (_, output) = await bed.Runtime.RunAsync(spec.Session, "ln -sf /var/run/docker.sock /run/rfb/s; rm -f /run/rfb/s; mv /run/rfb/s /run/rfb/t; touch /run/rfb/x; chmod 777 /run/rfb; echo done");
        Assert.EndsWith("done\n", output, StringComparison.Ordinal);
        Assert.Equal(["s"], Directory.EnumerateFileSystemEntries(Places.Session(spec.Session).SocketFolder).Select(Path.GetFileName));
    }

    [RequiresFact("local")]
    public async Task A_link_in_the_socket_s_place_is_not_followed()
    {
        var at = new SessionPlaces(Path.Combine(bed.Root, "fake"), Path.Combine(bed.Root, "fakerun"));
        Directory.CreateDirectory(at.SocketFolder);
        using var listener = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        var elsewhere = Path.Combine(bed.Root, "elsewhere");
        listener.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(elsewhere));
        listener.Listen();
        File.CreateSymbolicLink(at.Socket, elsewhere);
        await Assert.ThrowsAsync<System.Net.Sockets.SocketException>(() => Runtimes.Local.Inside.Display.ConnectAsync(at, CancellationToken.None));
        File.Delete(at.Socket);
        File.Move(elsewhere, at.Socket);
        await using var connected = await Runtimes.Local.Inside.Display.ConnectAsync(at, CancellationToken.None);
        Assert.True(connected.CanWrite);
    }

    [RequiresFact("local", "root")]
    public async Task Every_person_has_an_uid_of_their_own_that_stays()
    {
        var uids = new Uids(Places, 1_900_000_000);
        var (ann, ben) = (UserId.New(), UserId.New());
        await bed.Runtime.ProbeAsync(CancellationToken.None);
        Assert.NotEqual(uids.Of(ann), uids.Of(ben));
        Assert.Equal(uids.Of(ann), new Uids(Places, 1_900_000_000).Of(ann));

        var many = Enumerable.Range(0, 20).Select(_ => UserId.New()).ToList();
        var servers = new[] { new Uids(Places, 1_900_000_000), new Uids(Places, 1_900_000_000) };
        var given = await Task.WhenAll(many.Select((user, i) => Task.Run(() => servers[i % 2].Of(user))));
        Assert.Equal(20, given.Distinct().Count());
    }

    [RequiresFact("local", "root")]
    public async Task The_home_belongs_to_the_person_s_uid_and_nobody_else_may_enter()
    {
        var spec = await bed.SharedAsync();
        var found = FoundSession.Find(Places, spec.Session)!;
        var status = FileStatus.OfPath(found.Record.Home);
        Assert.Equal((found.Record.Uid, 0b111_000_000), (status.User, status.Mode));
        Assert.Equal(found.Record.Uid, FileStatus.OfPath($"/proc/{found.Status.Init.Pid}").User);
    }

    [RequiresFact("local", "root")]
    public async Task An_address_the_machine_gets_later_is_closed_too()
    {
        var spec = await bed.SharedAsync();
        var address = $"203.0.113.{Environment.ProcessId % 250 + 1}";
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Any, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        Run($"addr add {address}/32 dev lo");
        try
        {
            await Task.Delay(1000);
            var (code, _) = await bed.Runtime.RunAsync(spec.Session, $"perl -MIO::Socket::INET -e 'exit(IO::Socket::INET->new(PeerAddr => \"{address}\", PeerPort => {port}, Timeout => 2) ? 0 : 1)'");
            Assert.NotEqual(0, code);
            Assert.False(listener.Pending());
            Assert.Contains($"unreachable {address}", (await bed.Runtime.RunAsync(spec.Session, "ip route")).Output, StringComparison.Ordinal);
        }
        finally
        {
            Run($"addr del {address}/32 dev lo");
        }

        static void Run(string arguments)
        {
            using var ip = System.Diagnostics.Process.Start("ip", arguments);
            ip.WaitForExit();
            Assert.Equal(0, ip.ExitCode);
        }
    }

    [RequiresFact("local")]
    public async Task Nothing_listens_on_a_network_port_inside()
    {
        var spec = await bed.SharedAsync();
        var (_, output) = await bed.Runtime.RunAsync(spec.Session, "awk 'FNR > 1' /proc/net/tcp /proc/net/tcp6 /proc/net/udp | wc -l; awk 'NR > 1 && $8 ~ /^@/ {print $8}' /proc/net/unix");
        Assert.Equal("0\n", output);
    }

    [RequiresFact("local")]
    public async Task Of_the_servers_folders_only_the_homes_own_path_shows_in_the_list_of_mounts_and_it_names_nobody()
    {
        var spec = bed.Spec(bed.Terminal) with { Name = "telling-name", OwnerSlug = "ada-lovelace" };
        await bed.StartAsync(spec);
        var (_, mounts) = await bed.Runtime.RunAsync(spec.Session, "cat /proc/[0-9]*/mountinfo 2>/dev/null | cut -d' ' -f4,5,10- | sort -u");
        var data = Places.Data;
        var telling = mounts.Split('\n').Where(line => Shows(line, data)).Select(line => line.Split(' ')).ToList();
        var home = Assert.Single(telling);
        Assert.Equal("/home/user", home[1]);
        Assert.EndsWith($"/homes/{spec.Owner}", home[0], StringComparison.Ordinal);
        foreach (var word in new[] { spec.Name, spec.OwnerSlug, spec.Session.ToString(), spec.DisplayPassword, Environment.CurrentDirectory })
            Assert.DoesNotContain(word, mounts, StringComparison.Ordinal);

        // A mount's path is told from the top of its file system, so any tail of the data directory's path would give it away.
        static bool Shows(string line, string data)
        {
            for (var tail = data; tail.LastIndexOf('/') > 0; tail = tail[tail.IndexOf('/', 1)..])
            {
                if (line.Contains(tail + "/", StringComparison.Ordinal))
                    return true;
                if (tail.IndexOf('/', 1) < 0)
                    return false;
            }

            return false;
        }
    }

    [RequiresFact("local")]
    public async Task No_descriptor_of_the_server_is_handed_down()
    {
        var spec = await bed.SharedAsync();
        var (_, output) = await bed.Runtime.RunAsync(spec.Session, "for p in /proc/[0-9]*; do for f in $p/fd/*; do echo $(cat $p/comm) $(readlink $f); done; done 2>/dev/null | grep -vE 'pipe:|socket:|anon_inode|/dev/null|/dev/pts|/dev/ptmx|/usr/|/opt/streamspace|/proc/|/tmp/|/home/user|/run/|^(sh|readlink|cat) |/memfd' | sort -u");
        Assert.Equal(string.Empty, output);
    }

    [RequiresFact("local")]
    public async Task Awkward_environment_values_arrive_as_they_are()
    {
        var spec = bed.Spec(bed.Terminal);
        await bed.StartAsync(spec with { Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["AWKWARD"] = "two\nlines, 'quotes' and \"more\" $HOME = ü" } });
        var (_, output) = await bed.Runtime.RunAsync(spec.Session, "printf %s \"$AWKWARD\"; for i in 1 2 3 4 5 6 7 8 9; do for p in /proc/[0-9]*; do test $(cat $p/comm) = xterm && tr '\\0' '\\n' < $p/environ | grep -A1 ^AWKWARD && exit; done; sleep 0.2; done");
        Assert.StartsWith("two\nlines, 'quotes' and \"more\" $HOME = ü", output, StringComparison.Ordinal);
        Assert.Contains("AWKWARD=two\nlines, 'quotes'", output, StringComparison.Ordinal);
    }
}
