using System.Diagnostics;
using System.Net.Http;
using StreamSpace.Runtimes.Docker.Engine;

namespace StreamSpace.Runtimes.Docker.Network;

/// <summary>
/// Runs the wall's script where it counts: in the network of the engine's machine. As root beside the engine that is a plain
/// process; otherwise a short-lived container on the machine's own network does it (whoever may use the engine may do that).
/// </summary>
internal sealed class Wall(EngineClient engine)
{
    public const string GuardImage = "streamspace/guard:1";
    public const string GuardRecipe = "guard";

    /// <summary>This process may change the packet rules of the machine the bridge is on.</summary>
    public static bool CanActHere(string bridge) =>
        Environment.IsPrivilegedProcess && Directory.Exists($"/sys/class/net/{bridge}") && FindProgram() is not null;

    public static async Task RunHereAsync(string script, CancellationToken ct)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-s"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            Environment = { ["PATH"] = "/usr/sbin:/sbin:/usr/bin:/bin" },
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("sh did not start");
        await process.StandardInput.WriteAsync(script.AsMemory(), ct);
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync(ct);
        _ = await process.StandardOutput.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"iptables refused: {(await errors).Trim()}");
    }

    /// <summary>The same in a container; the guard image must be there.</summary>
    public async Task RunInGuardAsync(string script, string installation, CancellationToken ct)
    {
        var wish = new ContainerWish
        {
            Image = GuardImage,
            Entrypoint = ["/bin/sh", "-c"],
            Cmd = [script],
            User = "0",
            Labels = new(StringComparer.Ordinal) { [Names.Installation] = installation },
            HostConfig = new() { NetworkMode = "host", CapDrop = ["ALL"], CapAdd = ["NET_ADMIN", "NET_RAW"], SecurityOpt = ["no-new-privileges:true"] },
        };
        var made = await engine.PostAsync("/containers/create", wish, EngineJson.Default.ContainerWish, EngineJson.Default.CreatedContainer, ct);
        try
        {
            await engine.DoAsync(HttpMethod.Post, $"/containers/{made.Id}/start", null, ct);
            using var nothing = new ByteArrayContent([]);
            await using var answer = await engine.StreamAsync(HttpMethod.Post, $"/containers/{made.Id}/wait", nothing, ct);
            var ended = await System.Text.Json.JsonSerializer.DeserializeAsync(answer, EngineJson.Default.Waited, ct);
            if (ended?.StatusCode != 0)
                throw new InvalidOperationException($"the guard container could not set the packet rules (exit code {ended?.StatusCode})");
        }
        finally
        {
            await engine.DoAsync(HttpMethod.Delete, $"/containers/{made.Id}?force=true", null, CancellationToken.None);
        }
    }

    private static string? FindProgram() =>
        Array.Find(["/usr/sbin/iptables-restore", "/sbin/iptables-restore"], File.Exists);
}
