using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace StreamSpace.Runtimes.Local.Launching;

/// <summary>
/// The routes that cut a session off from this machine. slirp4netns alone closes only loopback: every other address of the
/// machine would answer.
/// </summary>
internal static class HostNetwork
{
    // What slirp4netns itself uses inside: gateway, resolver, the session's own address.
    private static readonly string[] Own = ["10.0.2.2", Resolver, "10.0.2.100"];

    public const string Resolver = "10.0.2.3";

    /// <summary>Networks that get an unreachable route before the session's network comes up.</summary>
    public static IEnumerable<string> Closed(LocalRuntimeOptions options, IEnumerable<IPAddress> addresses) =>
        options.BlockedNetworks.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(network => IPNetwork.Parse(network).ToString())
            .Concat(addresses.Select(address => $"{address}/32"))
            .Distinct(StringComparer.Ordinal);

    public static IEnumerable<IPAddress> Addresses() =>
        NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(card => card.GetIPProperties().UnicastAddresses)
            .Select(address => address.Address)
            .Where(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address) && !Own.Contains(address.ToString()));
}
