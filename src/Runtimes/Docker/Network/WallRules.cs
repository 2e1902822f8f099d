using System.Text;

namespace StreamSpace.Runtimes.Docker.Network;

/// <summary>
/// The packet rules that keep sessions off the engine's machine. A container can otherwise dial every port the machine
/// binds on 0.0.0.0 or on the network's gateway, and nothing in the engine's own settings stops it.
/// Written as a script that can run any number of times, on the machine itself or in a helper container on its network.
/// </summary>
internal static class WallRules
{
    private static readonly string[] Private = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];

    public static string Raise(string bridge, bool allowPrivate)
    {
        var (inside, outside) = Chains(bridge);
        var script = new StringBuilder();
        script.Append("set -eu\n");
        // The engine's resolver inside a container asks these servers from the container's own address.
        script.Append("resolvers=$(cat /etc/resolv.conf /run/systemd/resolve/resolv.conf 2>/dev/null | while read -r word address rest; do\n");
        script.Append("  case $word:$address in nameserver:127.*|nameserver:*:*) ;; nameserver:*) echo \"$address\" ;; esac; done | sort -u)\n");
        script.Append("{ echo '*filter'\n");
        script.Append($"echo ':{inside} - [0:0]'\necho ':{outside} - [0:0]'\n");
        foreach (var chain in (string[])[inside, outside])
        {
            script.Append($"echo '-A {chain} -m conntrack --ctstate ESTABLISHED,RELATED -j RETURN'\n");
            script.Append($"for r in $resolvers; do echo \"-A {chain} -d $r -p udp --dport 53 -j RETURN\"; echo \"-A {chain} -d $r -p tcp --dport 53 -j RETURN\"; done\n");
        }

        script.Append($"echo '-A {inside} -j DROP'\n");
        // Machines in a cloud hand out secrets at 169.254.169.254.
        script.Append($"echo '-A {outside} -d 169.254.0.0/16 -j DROP'\n");
        foreach (var network in allowPrivate ? [] : Private)
            script.Append($"echo '-A {outside} -d {network} -j DROP'\n");
        script.Append("echo COMMIT; } | iptables-restore -w --noflush\n");
        script.Append(Jump("INPUT", bridge, inside));
        script.Append("iptables -w -nL DOCKER-USER >/dev/null 2>&1 && before=DOCKER-USER || before=FORWARD\n");
        script.Append(Jump("$before", bridge, outside));
        // Sessions have no IPv6 address; should the engine ever give them one, the machine stays closed.
        script.Append($"ip6tables -w -C INPUT -i {bridge} -j DROP 2>/dev/null || ip6tables -w -I INPUT 1 -i {bridge} -j DROP 2>/dev/null || true\n");
        return script.ToString();
    }

    public static string Raze(string bridge)
    {
        var (inside, outside) = Chains(bridge);
        var script = new StringBuilder();
        script.Append($"iptables -w -D INPUT -i {bridge} -j {inside} 2>/dev/null\n");
        script.Append($"ip6tables -w -D INPUT -i {bridge} -j DROP 2>/dev/null\n");
        foreach (var from in (string[])["DOCKER-USER", "FORWARD"])
            script.Append($"iptables -w -D {from} -i {bridge} -j {outside} 2>/dev/null\n");
        foreach (var chain in (string[])[inside, outside])
            script.Append($"iptables -w -F {chain} 2>/dev/null; iptables -w -X {chain} 2>/dev/null\n");
        return script.Append("exit 0\n").ToString();
    }

    private static (string Inside, string Outside) Chains(string bridge) => ($"{bridge}-in", $"{bridge}-out");

    private static string Jump(string from, string bridge, string chain) =>
        $"iptables -w -C {from} -i {bridge} -j {chain} 2>/dev/null || iptables -w -I {from} 1 -i {bridge} -j {chain}\n";
}
