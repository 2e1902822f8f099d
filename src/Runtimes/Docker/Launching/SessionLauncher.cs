using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Runtimes.Docker.Displays;
using StreamSpace.Runtimes.Docker.Engine;
using StreamSpace.Runtimes.Docker.Images;
using StreamSpace.Runtimes.Docker.Inside;
using StreamSpace.Runtimes.Docker.Network;

namespace StreamSpace.Runtimes.Docker.Launching;

/// <summary>
/// Brings a session up: 1 network, 2 image, 3 container and password, 4 start, 5 display. Between a wish and the first picture
/// every call to the engine counts, so 1 and 2 are remembered and nothing is asked that the engine's next answer tells anyway.
/// </summary>
internal sealed partial class SessionLauncher(
    EngineClient engine, SessionNetwork network, ImageShelf images, Containers containers, DisplayDoor displays, SessionLogs logs, Turns turns, IOptions<DockerOptions> options, ILogger<SessionLauncher> log)
{
    private readonly ConcurrentDictionary<SessionId, CancellationTokenSource> _running = new();

    public async Task<string> StartAsync(LaunchSpec spec, IProgress<LaunchProgress> progress, CancellationToken ct)
    {
        var image = spec.Application.Image
            ?? throw new RuntimeFailure(RuntimeReasons.NotSupported, $"The template '{spec.Application.Template}' names no container image, so it cannot run on docker.");
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(ct);
        _running[spec.Session] = cancel;
        try
        {
            progress.Report(new(LaunchStep.Reserve, null, "Preparing the network"));
            var ground = await network.EnsureAsync(cancel.Token);
            for (var again = false; ; again = true)
            {
                progress.Report(new(LaunchStep.PrepareImage, null, $"Looking for {image}"));
                var facts = await images.EnsureAsync(image, spec.Application.ImageRecipe, progress, cancel.Token);
                using var turn = await turns.TakeAsync(spec.Session, cancel.Token);
                try
                {
                    return await BringUpAsync(spec, ground, facts, progress, cancel.Token);
                }
                catch (EngineFailure e) when (e.Missing && !again)
                {
                    // The image was removed within the minute that its last sight is trusted.
                    images.Forget(image);
                }
                catch (EngineFailure e) when (e.Missing)
                {
                    throw new RuntimeFailure(RuntimeReasons.StartFailed, $"The container could not start: {e.Message}", e);
                }
            }
        }
        finally
        {
            _running.TryRemove(new(spec.Session, cancel));
        }
    }

    /// <summary>Breaks off a launch that is under way in this process, so that a stop need not wait for its image.</summary>
    public void BreakOff(SessionId session)
    {
        if (!_running.TryGetValue(session, out var running))
            return;
        try
        {
            running.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended at this moment.
        }
    }

    private async Task<string> BringUpAsync(LaunchSpec spec, Ground ground, ImageFacts facts, IProgress<LaunchProgress> progress, CancellationToken ct)
    {
        progress.Report(new(LaunchStep.Start, null, "Starting the container"));
        displays.Forget(spec.Session);
        var adopted = false;
        try
        {
            ct.ThrowIfCancellationRequested();

            // Not cancelled from here to the start: a request that is broken off may still make a container, after everybody looked.
            adopted = !await CreateAsync(spec, ground, facts);
            if (!adopted)
                await ReleaseAsync(spec.Session);
            ct.ThrowIfCancellationRequested();
            progress.Report(new(LaunchStep.Connect, null, "Waiting for the display"));
            await using (await displays.OpenAsync(spec.Session, options.Value.DisplayTimeout, ct))
            {
                return Notes(spec, facts);
            }
        }
        catch (Exception e) when (!adopted)
        {
            Failed(e, spec.Session);
            var told = await ExplainAsync(spec, e);
            await containers.SweepAsync(spec.Session, CancellationToken.None);
            if (ReferenceEquals(told, e))
                throw;
            throw told;
        }
    }

    /// <summary>True when the container is new; false when the session runs already.</summary>
    private async Task<bool> CreateAsync(LaunchSpec spec, Ground ground, ImageFacts facts)
    {
        var wish = Blueprint.Container(spec, options.Value.Installation, ground.Name, facts.UserNamespaces, displays.PublishAt(ground));
        for (var tries = 0; ; tries++)
        {
            try
            {
                await engine.DoAsync(
                    HttpMethod.Post, $"/containers/create?name={Names.Container(spec.Session)}", EngineClient.Json(wish, EngineJson.Default.ContainerWish), CancellationToken.None);
                await HandSecretAsync(spec, facts);
                return true;
            }
            catch (EngineFailure e) when (e.Conflict && tries < 2)
            {
                // Something of this name is there: the session itself, or what an earlier try left.
                if (await containers.FindAsync(spec.Session, CancellationToken.None) is { State.Running: true } there)
                {
                    if (there.State.Paused)
                        await containers.ThawAsync(spec.Session, CancellationToken.None);
                    return false;
                }

                await containers.SweepAsync(spec.Session, CancellationToken.None);
            }
        }
    }

    private async Task HandSecretAsync(LaunchSpec spec, ImageFacts facts)
    {
        // Somebody else's image may have a link where ours has the folder; the engine follows it, a file laid from outside would not.
        if (facts.KeepsContract && await containers.FindAsync(spec.Session, CancellationToken.None) is { } made && SecretDrop.TryLay(made.GraphDriver, spec.DisplayPassword))
            return;
        using var secret = new ByteArrayContent(Blueprint.Secret(spec.DisplayPassword)) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-tar") } };
        await engine.DoAsync(HttpMethod.Put, $"/containers/{Names.Container(spec.Session)}/archive?path=/", secret, CancellationToken.None);
    }

    private async Task ReleaseAsync(SessionId session)
    {
        var path = $"/containers/{Names.Container(session)}/start";
        try
        {
            await engine.DoAsync(HttpMethod.Post, path, null, CancellationToken.None);
        }
        catch (EngineFailure e) when (e.Missing && e.Message.Contains("network", StringComparison.Ordinal))
        {
            // Somebody pruned the engine's networks since the last launch.
            network.Forget();
            await network.EnsureAsync(CancellationToken.None);
            await engine.DoAsync(HttpMethod.Post, path, null, CancellationToken.None);
        }
    }

    private async Task<Exception> ExplainAsync(LaunchSpec spec, Exception e)
    {
        if (e is OperationCanceledException or EngineFailure { Unreachable: true } or EngineFailure { Missing: true })
            return e;
        if (e is EngineFailure refused)
            return new RuntimeFailure(RuntimeReasons.StartFailed, $"The container could not start: {refused.Message}", refused);
        if (e is not RuntimeFailure { Reason: RuntimeReasons.WrongState or RuntimeReasons.DisplayTimeout } failure)
            return e;
        var ended = failure.Reason == RuntimeReasons.WrongState;
        var words = await LastWordsAsync(spec.Session);
        return new RuntimeFailure(
            ended ? RuntimeReasons.StartFailed : RuntimeReasons.DisplayTimeout,
            $"{failure.Message} {(words.Length > 0 ? "Its last output: " + words : "It printed nothing.")}");
    }

    private async Task<string> LastWordsAsync(SessionId session)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        var lines = new List<string>();
        try
        {
            await foreach (var line in logs.ReadAsync(session, 4, follow: false, patience.Token))
                lines.Add(line.Text.Trim());
        }
        catch (Exception e) when (e is EngineFailure or IOException or OperationCanceledException)
        {
            // The failure itself is told anyway.
        }

        return string.Join(" | ", lines.Where(line => line.Length > 0));
    }

    private static string Notes(LaunchSpec spec, ImageFacts facts) => JsonSerializer.Serialize(
        new(StringComparer.Ordinal)
        {
            ["container"] = Names.Container(spec.Session),
            ["image"] = spec.Application.Image!,
            ["image_id"] = facts.Id,
            ["limits"] = string.Create(CultureInfo.InvariantCulture, $"{spec.Limits.CpuMillicores}m, {spec.Limits.MemoryBytes >> 20}Mi, {spec.Limits.Processes} processes"),
        },
        EngineJson.Default.DictionaryStringString);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Session {Session} did not come up")]
    private partial void Failed(Exception e, SessionId session);
}
