using StreamSpace.Runtimes.Docker.Network;

namespace StreamSpace.Runtimes.Docker.Tests.Network;

public sealed class WallRulesTests
{
    [Fact]
    public void Everything_new_into_the_machine_is_dropped_and_private_networks_too()
    {
        var script = WallRules.Raise("ss-1", allowPrivate: false);
        Assert.Contains("-A ss-1-in -j DROP", script, StringComparison.Ordinal);
        Assert.Contains("iptables -w -I INPUT 1 -i ss-1 -j ss-1-in", script, StringComparison.Ordinal);
        Assert.Contains("-A ss-1-out -d 169.254.0.0/16 -j DROP", script, StringComparison.Ordinal);
        Assert.Contains("-A ss-1-out -d 192.168.0.0/16 -j DROP", script, StringComparison.Ordinal);
    }

    [Fact]
    public void Private_networks_can_be_allowed_the_clouds_secrets_cannot()
    {
        var script = WallRules.Raise("ss-1", allowPrivate: true);
        Assert.DoesNotContain("192.168.0.0/16", script, StringComparison.Ordinal);
        Assert.Contains("169.254.0.0/16", script, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_of_bridges_and_chains_fit_the_kernel()
    {
        var bridge = Names.Bridge("a network name of some length");
        Assert.InRange(bridge.Length, 1, 15);
        Assert.InRange((bridge + "-out").Length, 1, 28);
    }
}
