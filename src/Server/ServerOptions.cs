using System.Security.Cryptography;
using System.Text;

namespace StreamSpace.Server;

/// <summary>What <c>streamspace serve</c> was asked for on the command line; everything else comes from the settings.</summary>
internal sealed record ServerOptions(int Port, string Bind, string Data, string Runtime, bool InsecureHttp, string Command, bool JsonLog)
{
    public const string Usage =
        """
        Usage: streamspace-server [serve|migrate up|migrate status] [options]
          --port PORT        port to listen on (8080)
          --bind ADDRESS     address to listen on (127.0.0.1); any other address than loopback gets TLS
          --insecure-http    plain HTTP even on other addresses (not wise: everybody on the way can read along)
          --data DIR         where everything is kept
          --runtime NAME     auto, local or docker (auto)
          --log json|text    how to write the log (text in a terminal, json elsewhere)
        """;

    /// <summary>Reads the arguments; a text instead of options means they were wrong.</summary>
    public static (ServerOptions? Options, string? Problem) Parse(IReadOnlyList<string> arguments, IConfiguration configuration)
    {
        var options = new ServerOptions(
            configuration.GetValue("Port", 8080), configuration["Bind"] ?? "127.0.0.1", configuration["Data"] ?? DefaultData(), configuration["Runtime"] ?? "auto",
            configuration.GetValue("InsecureHttp", false), "serve", configuration["Log"] is { } log ? log == "json" : Console.IsOutputRedirected);
        for (var i = 0; i < arguments.Count; i++)
        {
            var value = i + 1 < arguments.Count ? arguments[i + 1] : null;
            switch (arguments[i])
            {
                case "serve": options = options with { Command = "serve" }; break;
                case "migrate" when value is "up" or "status": options = options with { Command = "migrate " + value }; i++; break;
                case "--insecure-http": options = options with { InsecureHttp = true }; break;
                case "--port" when ushort.TryParse(value, out var port): options = options with { Port = port }; i++; break;
                case "--bind" when value is "localhost": i++; break;
                case "--bind" when System.Net.IPAddress.TryParse(value, out _): options = options with { Bind = value! }; i++; break;
                case "--data" when value is not null: options = options with { Data = Path.GetFullPath(value) }; i++; break;
                case "--runtime" when value is "auto" or "local" or "docker": options = options with { Runtime = value }; i++; break;
                case "--log" when value is "json" or "text": options = options with { JsonLog = value == "json" }; i++; break;
                default: return (null, $"{arguments[i]} {(value is null ? "" : value + " ")}is not understood here.");
            }
        }

        return (options, null);
    }

    /// <summary>True when only this machine can reach the server.</summary>
    public bool OnLoopback => System.Net.IPAddress.IsLoopback(System.Net.IPAddress.Parse(Bind));

    /// <summary>Where a browser finds the server.</summary>
    public string Address => $"{(Tls ? "https" : "http")}://{(OnLoopback ? "localhost" : Bind is "0.0.0.0" or "::" ? Environment.MachineName : Bind)}:{Port}";

    /// <summary>Whether the server speaks TLS.</summary>
    public bool Tls => !OnLoopback && !InsecureHttp;

    /// <summary>Short folder for sockets and other things that end with the machine's uptime; one per data directory.</summary>
    public string RunDirectory
    {
        get
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Data)))[..8];
            if (Environment.IsPrivilegedProcess)
                return $"/run/streamspace-{hash}";
            return Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } run && Directory.Exists(run)
                ? $"{run}/streamspace-{hash}"
                : $"/tmp/streamspace-{Environment.UserName}-{hash}";
        }
    }

    private static string DefaultData() => Environment.IsPrivilegedProcess
        ? "/var/lib/streamspace"
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "streamspace");
}
