using System.Diagnostics;
using System.Globalization;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.Options;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Runtimes.Docker.Checking;
using StreamSpace.Runtimes.Docker.Displays;
using StreamSpace.Runtimes.Docker.Engine;
using StreamSpace.Runtimes.Docker.Images;
using StreamSpace.Runtimes.Docker.Inside;
using StreamSpace.Runtimes.Docker.Launching;
using StreamSpace.Runtimes.Docker.Network;

namespace StreamSpace.Runtimes.Docker;

/// <summary>
/// Runs an image the way a session would and checks each clause of docs/image-contract.md (<c>streamspace image check NAME</c>).
/// </summary>
internal sealed class ImageCheck(
    EngineClient engine, SessionNetwork network, DisplayDoor displays, Containers containers, Execs execs, IOptions<DockerOptions> options)
{
    private const int Width = 1100;
    private const int Height = 700;
    private const int PoliteSeconds = 10;
    private static readonly TimeSpan PictureLimit = TimeSpan.FromSeconds(30);

    /// <summary>One finding per clause, in the order they are checked; stops early when the rest cannot be checked.</summary>
    /// <exception cref="RuntimeFailure"><see cref="RuntimeReasons.RuntimeLost"/>: the engine does not answer.</exception>
    public async IAsyncEnumerable<ImageFinding> RunAsync(string image, [EnumeratorCancellation] CancellationToken ct)
    {
        var session = SessionId.New();
        var password = session.ToString()[^8..];
        if (await DescribeAsync(image, ct) is not { } detail)
        {
            yield return new("present", false, $"The engine has no image {image}; build or pull it first.");
            yield break;
        }

        yield return new("present", true, string.Create(CultureInfo.InvariantCulture, $"{image}, {detail.Size / 1_000_000} MB."));
        try
        {
            var started = Stopwatch.GetTimestamp();
            var refused = await StartAsync(image, session, password, detail, ct);
            if (refused is not null)
            {
                yield return new("display", false, refused);
                yield break;
            }

            await foreach (var finding in DisplayAsync(session, password, started, ct))
                yield return finding;
            if (await containers.FindAsync(session, ct) is not { State.Running: true })
                yield break;
            yield return await UserAsync(session, ct);
            yield return await ToolsAsync(session, ct);
            yield return await EndingAsync(session, ct);
        }
        finally
        {
            await containers.SweepAsync(session, CancellationToken.None);
        }
    }

    private async Task<ImageDetail?> DescribeAsync(string image, CancellationToken ct)
    {
        if (!ImageShelf.IsName(image))
            return null;
        try
        {
            return await engine.GetAsync($"/images/{image}/json", EngineJson.Default.ImageDetail, ct);
        }
        catch (EngineFailure e) when (e.Unreachable)
        {
            throw new RuntimeFailure(RuntimeReasons.RuntimeLost, e.Message, e);
        }
        catch (EngineFailure)
        {
            return null;
        }
    }

    private async Task<string?> StartAsync(string image, SessionId session, string password, ImageDetail detail, CancellationToken ct)
    {
        var application = new Application("image-check", image, null, [], [], [], Panel: false);
        var spec = new LaunchSpec(
            session, "image-check", UserId.New(), "image-check", application, new(2000, 1L << 30, 1L << 30), new Dictionary<string, string>(StringComparer.Ordinal),
            Width, Height, PersistentHome: false, password);
        var ground = await network.EnsureAsync(ct);
        var userNamespaces = detail.Config?.Labels?.GetValueOrDefault(Names.UserNamespaces) is "1";
        var wish = Blueprint.Container(spec, options.Value.Installation, ground.Name, userNamespaces, displays.PublishAt(ground));

        // Without the session's label nobody takes it for an orphan; without the mount the image's own home is looked at.
        wish = wish with
        {
            Labels = new(StringComparer.Ordinal) { [Names.Installation] = options.Value.Installation },
            HostConfig = wish.HostConfig with { Mounts = null },
        };
        try
        {
            var path = $"/containers/{Names.Container(session)}";
            await engine.DoAsync(HttpMethod.Post, $"/containers/create?name={Names.Container(session)}", EngineClient.Json(wish, EngineJson.Default.ContainerWish), ct);
            using var secret = new ByteArrayContent(Blueprint.Secret(password)) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-tar") } };
            await engine.DoAsync(HttpMethod.Put, $"{path}/archive?path=/", secret, ct);
            await engine.DoAsync(HttpMethod.Post, $"{path}/start", null, ct);
            return null;
        }
        catch (EngineFailure e)
        {
            return $"The container does not start: {e.Message}";
        }
    }

    private async IAsyncEnumerable<ImageFinding> DisplayAsync(SessionId session, string password, long started, [EnumeratorCancellation] CancellationToken ct)
    {
        var (stream, why) = await OpenAsync(session, ct);
        if (stream is null)
        {
            yield return new("display", false, why!);
            yield break;
        }

        yield return new("display", true, string.Create(CultureInfo.InvariantCulture, $"RFB answers {Milliseconds(started)} ms after the container was asked for."));
        await using (var glance = new RfbGlance(stream))
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(PictureLimit);
            var complaint = await glance.LogInAsync(password, limit.Token);
            var open = complaint is null ? await WrongPasswordAsync(session, limit.Token) : null;
            yield return complaint is null && open is null
                ? new("password", true, "The password in the file is taken, another is refused.")
                : new("password", false, $"{complaint ?? open}; the password is in the file named by STREAMSPACE_VNC_PASSWORD_FILE.");
            if (complaint is not null)
                yield break;
            yield return new("geometry", (glance.Width, glance.Height) == (Width, Height),
                string.Create(CultureInfo.InvariantCulture, $"STREAMSPACE_GEOMETRY={Width}x{Height} gives {glance.Width}x{glance.Height}."));
            yield return await PictureAsync(glance, started, ct);
        }
    }

    private async Task<(Stream? Stream, string? Why)> OpenAsync(SessionId session, CancellationToken ct)
    {
        try
        {
            return (await displays.OpenAsync(session, PictureLimit, ct), null);
        }
        catch (RuntimeFailure e)
        {
            return (null, $"Nothing speaks RFB on port 5900: {e.Message}");
        }
    }

    private async Task<string?> WrongPasswordAsync(SessionId session, CancellationToken ct)
    {
        var (stream, why) = await OpenAsync(session, ct);
        if (stream is null)
            return why;
        await using var glance = new RfbGlance(stream);
        return await glance.LogInAsync("wrong", ct) is null ? "it takes any password" : null;
    }

    private static async Task<ImageFinding> PictureAsync(RfbGlance glance, long started, CancellationToken ct)
    {
        while (Stopwatch.GetElapsedTime(started) < PictureLimit)
        {
            if (await glance.IsPaintedAsync(ct))
                return new("picture", true, string.Create(CultureInfo.InvariantCulture, $"The picture is painted after {Milliseconds(started)} ms."));
            await Task.Delay(20, ct);
        }

        return new("picture", false, "The picture is still of one colour after 30 s.");
    }

    private async Task<ImageFinding> UserAsync(SessionId session, CancellationToken ct)
    {
        var answer = await execs.RunAsync(session, ["/bin/sh", "-c", "id -u; echo $HOME; touch /home/user/.image-check && rm /home/user/.image-check && echo writable"], null, ct);
        var words = Encoding.UTF8.GetString(answer.Output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return words is ["1000", "/home/user", "writable"]
            ? new("user", true, "uid 1000, home /home/user, writable.")
            : new("user", false, $"It must run as uid 1000 with HOME=/home/user that it may write to; seen: {string.Join(", ", words)} {answer.Errors}");
    }

    private async Task<ImageFinding> ToolsAsync(SessionId session, CancellationToken ct)
    {
        const string Probe = "for t in cat mv tr grep; do command -v $t >/dev/null || echo $t; done; find / -maxdepth 0 -printf '' 2>/dev/null || echo 'GNU find'; [ -x /bin/bash ] || echo bash";
        var missing = Encoding.UTF8.GetString((await execs.RunAsync(session, ["/bin/sh", "-c", Probe], null, ct)).Output).Trim();
        return missing.Length == 0
            ? new("tools", true, "Files, terminals and sessions without network find the tools they use.")
            : new("tools", false, $"Missing for files, terminals or sessions without network: {missing.Replace('\n', ',')}.");
    }

    private async Task<ImageFinding> EndingAsync(SessionId session, CancellationToken ct)
    {
        var asked = Stopwatch.GetTimestamp();
        await engine.DoAsync(HttpMethod.Post, string.Create(CultureInfo.InvariantCulture, $"/containers/{Names.Container(session)}/stop?t={PoliteSeconds}"), null, ct);
        var code = (await containers.FindAsync(session, ct))?.State.ExitCode;
        return code is 137
            ? new("ending", false, "It did not end within 10 s of TERM and was killed; the first process must pass TERM on and wait.")
            : new("ending", true, string.Create(CultureInfo.InvariantCulture, $"It ended {Milliseconds(asked)} ms after TERM with code {code}."));
    }

    private static long Milliseconds(long since) => (long)Stopwatch.GetElapsedTime(since).TotalMilliseconds;
}
