using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Http;
using System.Text;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Runtimes.Docker.Engine;

namespace StreamSpace.Runtimes.Docker.Inside;

/// <summary>What a short program inside a session answered.</summary>
internal sealed record ExecAnswer(int? ExitCode, byte[] Output, string Errors);

/// <summary>Runs programs inside sessions' containers, always as the session's user.</summary>
internal sealed class Execs(EngineClient engine, TimeProvider clock)
{
    /// <summary>Marks the processes of one terminal, so that closing it can find them.</summary>
    public const string TerminalMark = "STREAMSPACE_TERMINAL";

    private const string User = "1000:1000";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(15);

    public async Task<(string Id, HijackedStream Stream)> StartAsync(
        SessionId session, IReadOnlyList<string> command, IReadOnlyList<string> environment, bool terminal, bool input, CancellationToken ct)
    {
        try
        {
            var wish = new ExecWish(command, environment, terminal, input, true, !terminal, User, null, null);
            var made = await engine.PostAsync(
                $"/containers/{Names.Container(session)}/exec", wish, EngineJson.Default.ExecWish, EngineJson.Default.ExecCreated, ct);
            return (made.Id, await engine.HijackAsync($"/exec/{made.Id}/start", new ExecStart(false, terminal), EngineJson.Default.ExecStart, ct));
        }
        catch (EngineFailure e) when (e.Status is HttpStatusCode.BadRequest or HttpStatusCode.InternalServerError)
        {
            throw new RuntimeFailure(RuntimeReasons.StartFailed, $"The program could not be started: {e.Message}", e);
        }
    }

    /// <summary>Runs to the end and gives everything back; for small answers.</summary>
    [SuppressMessage("Reliability", "CA2025", Justification = "the feeding is awaited before the stream goes")]
    public async Task<ExecAnswer> RunAsync(SessionId session, IReadOnlyList<string> command, Stream? input, CancellationToken ct)
    {
        var (id, stream) = await StartAsync(session, command, [], terminal: false, input is not null, ct);
        await using (stream)
        {
            var feeding = input is null ? Task.CompletedTask : FeedAsync(stream, input, ct);
            using var output = new MemoryStream();
            using var errors = new MemoryStream();
            var frames = new Frames(stream);
            var buffer = new byte[16 * 1024];
            try
            {
                while (await frames.ReadAsync(buffer, ct) is { Count: > 0 } piece)
                    (piece.Source == Frames.Errors ? errors : output).Write(buffer, 0, piece.Count);
            }
            finally
            {
                await feeding;
            }

            return new(await ExitCodeAsync(id, ct), output.ToArray(), Encoding.UTF8.GetString(errors.ToArray()).Trim());
        }
    }

    /// <summary>A program's output and input as one stream; what it says on stderr is dropped.</summary>
    public async Task<Stream> OpenPipeAsync(SessionId session, IReadOnlyList<string> command, CancellationToken ct)
    {
        var (_, stream) = await StartAsync(session, command, [], terminal: false, input: true, ct);
        return new PipeStream(stream);
    }

    /// <summary>Waits for the end; null when the engine no longer knows.</summary>
    public async Task<int?> ExitCodeAsync(string id, CancellationToken ct)
    {
        var pause = Pause;
        while (true)
        {
            try
            {
                var detail = await engine.GetAsync($"/exec/{id}/json", EngineJson.Default.ExecDetail, ct);
                if (!detail.Running && detail.ExitCode is not null)
                    return detail.ExitCode;
            }
            catch (EngineFailure e) when (e.Missing)
            {
                return null;
            }

            await Task.Delay(pause, clock, ct);
            pause = pause < TimeSpan.FromMilliseconds(300) ? pause * 1.5 : pause;
        }
    }

    public async Task<bool> RunsAsync(string id, CancellationToken ct)
    {
        try
        {
            return (await engine.GetAsync($"/exec/{id}/json", EngineJson.Default.ExecDetail, ct)).Running;
        }
        catch (EngineFailure e) when (e.Missing)
        {
            return false;
        }
    }

    /// <summary>The engine answers 404 until the process is really there, so this asks again for a while.</summary>
    public async Task ResizeAsync(string id, int columns, int rows, CancellationToken ct)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"/exec/{id}/resize?h={rows}&w={columns}");
        for (var tries = 0; ; tries++)
        {
            try
            {
                await engine.DoAsync(HttpMethod.Post, path, null, ct);
                return;
            }
            catch (EngineFailure e) when (!e.Unreachable)
            {
                if (tries == 100 || !await RunsAsync(id, ct))
                    return;
            }

            await Task.Delay(Pause, clock, ct);
        }
    }

    private static async Task FeedAsync(HijackedStream stream, Stream input, CancellationToken ct)
    {
        try
        {
            await input.CopyToAsync(stream, ct);
            await stream.CloseWriteAsync(ct);
        }
        catch (IOException)
        {
            // The program ended without wanting all of it; its exit code tells.
        }
    }
}
