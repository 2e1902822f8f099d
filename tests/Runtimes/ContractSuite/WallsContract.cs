using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using StreamSpace.Contracts.Runtimes;

namespace StreamSpace.Runtimes.Tests.ContractSuite;

/// <summary>What a session must never reach or see.</summary>
public abstract class WallsContract<TBed>(TBed bed) : IClassFixture<TBed> where TBed : RuntimeBed
{
    protected TBed Bed => bed;

    private ISessionRuntime Runtime => bed.Runtime;

    [ContractFact]
    public async Task No_port_of_the_host_can_be_reached()
    {
        var spec = await bed.SharedAsync();
        using var everywhere = new TcpListener(IPAddress.Any, 0);
        everywhere.Start();
        var port = ((IPEndPoint)everywhere.LocalEndpoint).Port;
        var gateways = (await Runtime.RunAsync(spec.Session, "awk 'NR > 1 && $2 == \"00000000\" {print $3}' /proc/net/route 2>/dev/null || true")).Output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(hex => new IPAddress(Convert.ToUInt32(hex.Trim(), 16))).ToList();
        Assert.True(gateways.Count > 0, "a session with network has a way out");
        var addresses = NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(card => card.GetIPProperties().UnicastAddresses)
            .Select(address => address.Address)
            .Where(address => address.AddressFamily == AddressFamily.InterNetwork)
            .Concat(gateways)
            .Distinct();
        foreach (var address in addresses)
            Assert.True(await CannotReachAsync(spec, address, port), $"{address}:{port} answered the session");
        Assert.False(everywhere.Pending());

        // The same probe does reach what is there, so the silence above means something.
        var (code, output) = await Runtime.RunAsync(spec.Session, Listen(4444) + Probe("127.0.0.1", 4444));
        Assert.True(code == 0, output);
    }

    [ContractFact]
    public async Task No_port_of_the_host_can_be_reached_by_the_other_internet_protocol_or_by_name()
    {
        var spec = await bed.SharedAsync();
        using var everywhere = TcpListener.Create(0); // both protocols
        everywhere.Start();
        var port = ((IPEndPoint)everywhere.LocalEndpoint).Port;
        var addresses = NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(card => card.GetIPProperties().UnicastAddresses)
            .Select(address => address.Address)
            .Where(address => address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv6LinkLocal: false })
            .Select(address => address.ToString())
            .Concat(["::1", "::ffff:127.0.0.1", "localhost", "0.0.0.0", "host.docker.internal", Dns.GetHostName()])
            .Distinct();
        var (_, reached) = await Runtime.RunAsync(spec.Session, string.Concat(addresses.Select(address => $"timeout 2 bash -c 'exec 3<>/dev/tcp/{address}/{port}' 2>/dev/null && echo {address}; ")) + "echo done", 60);
        Assert.Equal("done\n", reached);
        Assert.False(everywhere.Pending());

        var (code, output) = await Runtime.RunAsync(spec.Session, Listen(4446) + "bash -c 'exec 3<>/dev/tcp/localhost/4446'");
        Assert.True(code == 0, output);
    }

    [ContractFact]
    public async Task No_port_of_another_session_can_be_reached()
    {
        var one = await bed.SharedAsync();
        var two = await bed.SharedAsync("other");
        await Runtime.RunAsync(two.Session, Listen(4445));
        var (_, output) = await Runtime.RunAsync(two.Session, "cat /proc/net/fib_trie | awk '/32 host/ {print f} {f=$2}' | sort -u");
        foreach (var address in output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse))
            Assert.True(await CannotReachAsync(one, address, 4445), $"{address} of the other session answered");
    }

    [ContractFact]
    public async Task Without_network_nothing_but_itself_is_there()
    {
        var spec = await bed.StartAsync(bed.Spec(bed.Terminal) with { Network = false });
        var (_, output) = await Runtime.RunAsync(spec.Session, "awk 'NR > 2 {print $1}' /proc/net/dev");
        Assert.Equal("lo:", output.Trim());
    }

    [ContractFact]
    public async Task The_hosts_processes_and_the_servers_environment_are_not_to_be_seen()
    {
        var secret = $"secret{Guid.CreateVersion7():N}";
        Environment.SetEnvironmentVariable("CONTRACT_SERVER_SECRET", secret);
        try
        {
            var spec = await bed.StartAsync(bed.Spec(bed.Terminal));
            var (_, seen) = await Runtime.RunAsync(spec.Session, "cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' '\\n'; for p in /proc/[0-9]*; do readlink $p/cwd $p/root $p/exe $p/fd/* 2>/dev/null; done");
            Assert.DoesNotContain(secret, seen, StringComparison.Ordinal);
            Assert.DoesNotContain("CONTRACT_SERVER_SECRET", seen, StringComparison.Ordinal);
            Assert.DoesNotContain(Environment.CurrentDirectory, seen, StringComparison.Ordinal);
            foreach (var hint in HostPaths)
                Assert.DoesNotContain(hint, seen, StringComparison.Ordinal);
            // Counted by the shell itself: a program that looks at each would complain of one that ended since.
            var (_, count) = await Runtime.RunAsync(spec.Session, "set -- /proc/[0-9]*; echo $#");
            Assert.InRange(int.Parse(count.Trim(), null), 2, 40);
        }
        finally
        {
            Environment.SetEnvironmentVariable("CONTRACT_SERVER_SECRET", null);
        }
    }

    /// <summary>Paths of the server on this machine that no session may see in <c>/proc</c>.</summary>
    protected virtual IReadOnlyList<string> HostPaths => [];

    [ContractFact]
    public async Task A_session_has_no_privileges_and_cannot_get_any()
    {
        var spec = await bed.SharedAsync();
        var (_, status) = await Runtime.RunAsync(spec.Session, "grep -E '^(CapEff|CapPrm|CapBnd|NoNewPrivs|Seccomp):' /proc/self/status | tr -s '\\t ' ' '");
        Assert.Contains("CapEff: 0000000000000000", status, StringComparison.Ordinal);
        Assert.Contains("CapPrm: 0000000000000000", status, StringComparison.Ordinal);
        Assert.Contains("NoNewPrivs: 1", status, StringComparison.Ordinal);
        Assert.Contains("Seccomp: 2", status, StringComparison.Ordinal);
        var (_, program) = await Runtime.RunAsync(spec.Session, "for p in /proc/[0-9]*; do test $(cat $p/comm) = xterm && grep -E '^(NoNewPrivs|Seccomp):' $p/status; done | tr -s '\\t ' ' '");
        Assert.Contains("NoNewPrivs: 1", program, StringComparison.Ordinal);
        Assert.Contains("Seccomp: 2", program, StringComparison.Ordinal);
        var (code, output) = await Runtime.RunAsync(spec.Session, "touch /usr/bin/x /etc/x /bin/x; echo x > /proc/sys/kernel/hostname; dmesg; mount -t tmpfs none /mnt; chown 0 /home/user; kill -9 1; ls /root /var/lib/docker /run/docker.sock", 20);
        Assert.NotEqual(0, code);
        Assert.Equal(RuntimePhase.Running, (await Runtime.InspectAsync(spec.Session, CancellationToken.None))?.Phase);
        Assert.DoesNotContain("docker.sock\n", output.Replace("'/run/docker.sock'", string.Empty, StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [ContractFact]
    public async Task The_files_of_another_person_are_not_to_be_found()
    {
        var one = await bed.SharedAsync();
        var two = await bed.SharedAsync("other");
        var word = $"needle{Guid.CreateVersion7():N}";
        await Runtime.RunAsync(two.Session, $"touch ~/{word} /tmp/{word}");
        var (_, output) = await Runtime.RunAsync(one.Session, $"find / -xdev -name '{word}' 2>/dev/null; find /home /tmp /run /var /dev /opt /mnt /srv -name '{word}' 2>/dev/null; ls /home", 40);
        Assert.Equal("user\n", output);
    }

    private async Task<bool> CannotReachAsync(LaunchSpec spec, IPAddress address, int port)
    {
        var (code, _) = await Runtime.RunAsync(spec.Session, Probe(address.ToString(), port));
        return code != 0;
    }

    private static string Probe(string address, int port) =>
        $"perl -MIO::Socket::INET -e 'exit(IO::Socket::INET->new(PeerAddr => \"{address}\", PeerPort => {port}, Timeout => 2) ? 0 : 1)'";

    private static string Listen(int port) =>
        $"setsid perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(Listen => 5, LocalPort => {port}, ReuseAddr => 1) or die; $s->accept while 1' >/dev/null 2>&1 </dev/null & sleep 0.5; ";
}
