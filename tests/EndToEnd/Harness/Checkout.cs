using System.Net;
using System.Net.Sockets;

namespace StreamSpace.EndToEnd.Tests.Harness;

/// <summary>Where things lie in the checkout that is under test.</summary>
internal static class Checkout
{
    public static string Root { get; } = FindRoot();

    /// <summary>The server's program: built beside these tests, in the same configuration.</summary>
    public static string Server { get; } = FindServer();

    /// <summary>Pictures and logs of a run.</summary>
    public static string Artifacts { get; } = Directory.CreateDirectory(
        Environment.GetEnvironmentVariable("STREAMSPACE_TEST_RESULTS") is { Length: > 0 } results ? Path.Combine(results, "end-to-end") : Path.Combine(Root, "out", "test", "end-to-end")).FullName;

    public static string Axe => File.ReadAllText(Path.Combine(Root, "tests/EndToEnd/node_modules/axe-core/axe.min.js"));

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "StreamSpace.slnx")))
                return folder.FullName;
        }

        throw new InvalidOperationException("The tests do not run inside a checkout.");
    }

    private static string FindServer()
    {
        if (Environment.GetEnvironmentVariable("STREAMSPACE_SERVER_BINARY") is { Length: > 0 } named)
            return named;
        var output = AppContext.BaseDirectory.TrimEnd('/').Split('/')[^2..]; // Release/net10.0
        return Path.Combine(Root, "src/Server/bin", output[0], output[1], "StreamSpace.Server");
    }
}
