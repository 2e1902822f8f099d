using System.Diagnostics;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Runtimes.Docker.Engine;
using StreamSpace.Runtimes.Docker.Images;
using StreamSpace.Runtimes.Docker.Network;
using StreamSpace.Runtimes.Tests.ContractSuite;
using StreamSpace.Tests.Shared;

namespace StreamSpace.Runtimes.Docker.Tests;

/// <summary>The wall for real: a machine outside (a network namespace with addresses of its own) is there to be reached or not.</summary>
[Trait("Category", "Slow")]
public sealed class WallTests(DockerBed bed) : IClassFixture<DockerBed>, IAsyncLifetime
{
    private const string Outside = "198.51.100.9";
    private const string Private = "10.213.77.9";
    private const string Secrets = "169.254.169.254";
    private readonly string _name = $"sst{Guid.CreateVersion7().ToString("N")[^8..]}";

    public async Task InitializeAsync()
    {
        if (Requirements.SkipReason("docker", "root") is not null)
            return;
        await ShellAsync($"ip netns add {_name}; ip link add {_name}a type veth peer name {_name}b netns {_name}; ip link set {_name}a up; "
            + $"ip addr add 198.51.100.1/24 dev {_name}a; ip addr add 10.213.77.1/24 dev {_name}a; ip route add {Secrets}/32 dev {_name}a; "
            + $"ip -n {_name} link set {_name}b up; ip -n {_name} link set lo up; for a in {Outside}/24 {Private}/24 {Secrets}/32; do ip -n {_name} addr add $a dev {_name}b; done; "
            + $"ip -n {_name} route add default via 198.51.100.1; "
            + $"ip netns exec {_name} setsid perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(Listen => 5, LocalPort => 8181, ReuseAddr => 1) or die; $s->accept while 1' >/dev/null 2>&1 </dev/null & sleep 0.5");
    }

    public async Task DisposeAsync()
    {
        if (Requirements.SkipReason("docker", "root") is null)
            await ShellAsync($"for p in $(ip netns pids {_name}); do kill -9 $p; done; ip link del {_name}a; ip netns del {_name}");
    }

    [RequiresFact("docker", "root")]
    public async Task The_outside_is_reached_private_networks_and_the_clouds_secrets_are_not()
    {
        var spec = await bed.SharedAsync();
        Assert.True(await ReachesAsync(spec, Outside, 8181), "the outside must be reached");
        Assert.False(await ReachesAsync(spec, Private, 8181));
        Assert.False(await ReachesAsync(spec, Secrets, 8181));
    }

    [RequiresFact("docker", "root")]
    public async Task A_wall_that_was_taken_down_is_put_up_again_and_stays_single()
    {
        var bridge = Names.Bridge(bed.Network);
        await bed.SharedAsync();
        await ShellAsync($"iptables -w -D INPUT -i {bridge} -j {bridge}-in");
        var network = bed.Part<SessionNetwork>();
        network.Forget();
        foreach (var _ in (int[])[1, 2])
        {
            Assert.Null((await network.EnsureAsync(CancellationToken.None)).Problem);
            network.Forget();
        }

        var rules = (await ShellAsync("iptables -w -S")).Split('\n');
        Assert.Single(rules, rule => rule == $"-A INPUT -i {bridge} -j {bridge}-in");
        Assert.Single(rules, rule => rule == $"-A DOCKER-USER -i {bridge} -j {bridge}-out");
        Assert.Single(rules, rule => rule == $"-A {bridge}-in -j DROP");
    }

    [RequiresFact("docker", "root")]
    public async Task A_server_that_may_not_set_rules_lets_the_guard_container_do_it()
    {
        var bridge = Names.Bridge(bed.Network);
        await bed.SharedAsync();
        await ShellAsync(WallRules.Raze(bridge));
        Assert.DoesNotContain($"{bridge}-in", await ShellAsync("iptables -w -S"), StringComparison.Ordinal);
        await bed.Part<ImageShelf>().EnsureAsync(Wall.GuardImage, Wall.GuardRecipe, null, CancellationToken.None);
        await new Wall(bed.Part<EngineClient>()).RunInGuardAsync(WallRules.Raise(bridge, allowPrivate: false), bed.Installation, CancellationToken.None);
        var rules = await ShellAsync("iptables -w -S");
        Assert.Contains($"-A INPUT -i {bridge} -j {bridge}-in", rules, StringComparison.Ordinal);
        Assert.Contains($"-A {bridge}-in -j DROP", rules, StringComparison.Ordinal);
        Assert.Contains($"-A {bridge}-out -d 10.0.0.0/8 -j DROP", rules, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidOperationException>(() => new Wall(bed.Part<EngineClient>()).RunInGuardAsync("exit 3", bed.Installation, CancellationToken.None));
    }

    private async Task<bool> ReachesAsync(LaunchSpec spec, string address, int port) => (await bed.Runtime.RunAsync(
        spec.Session, $"perl -MIO::Socket::INET -e 'exit(IO::Socket::INET->new(PeerAddr => \"{address}\", PeerPort => {port}, Timeout => 3) ? 0 : 1)'")).ExitCode == 0;

    private static async Task<string> ShellAsync(string script)
    {
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            Environment = { ["PATH"] = "/usr/sbin:/sbin:/usr/bin:/bin" },
        })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output;
    }
}
