using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;

namespace StreamSpace.Sessions;

/// <summary>A process inside a session.</summary>
public sealed record ProcessAnswer(int Pid, int Parent, string Name, string Command, double? CpuPercent, long MemoryBytes);

/// <summary>Which lines of output.</summary>
/// <param name="Tail">How many of the newest lines, 200 when absent.</param>
/// <param name="Follow">True goes on as lines come.</param>
public sealed record LogQuery([FromQuery(Name = "tail"), Range(0, 10_000)] int? Tail, [FromQuery(Name = "follow")] bool? Follow);

/// <summary>Shows a session's output and processes.</summary>
internal sealed class LookInside(RuntimeRegistry runtimes, TimeProvider clock)
{
    private readonly ConcurrentDictionary<(SessionId Session, int Pid), (long CpuNanoseconds, long At)> seen = new();

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/sessions/{id}/logs", (SessionRef id, [AsParameters] LogQuery query, HttpContext http, SessionShelf shelf, LookInside inside, CancellationToken ct) => inside.LogsAsync(id, query, http, shelf, ct))
            .Needs(SessionsPermissions.View).Endless().Produces(200, contentType: "text/plain").WithName("GetSessionLogs").WithTags("Sessions").WithSummary("A session's output").WithDescription("Plain text, a line each; follow=true goes on until the session ends.");
        api.MapGet("/sessions/{id}/processes", (SessionRef id, SessionShelf shelf, LookInside inside, CancellationToken ct) => inside.ProcessesAsync(id, shelf, ct))
            .Needs(SessionsPermissions.View).Produces<Page<ProcessAnswer>>().WithName("ListSessionProcesses").WithTags("Sessions").WithSummary("The processes inside a session");
    }

    private async Task<IResult> LogsAsync(SessionRef id, LogQuery query, HttpContext http, SessionShelf shelf, CancellationToken ct)
    {
        var found = await shelf.FindToLookInsideAsync(id, ct);
        if (!found.Ok)
            return found.Failure.ToHttp();
        var session = found.Value;
        if (session.Generation == 0 || session.Phase == SessionPhase.Terminated)
            return TypedResults.Text("");
        if (runtimes.Find(session.Runtime) is not { } runtime)
            return SessionFailures.RuntimeDown(session.Runtime, null).ToHttp();
        http.Response.ContentType = "text/plain; charset=utf-8";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpResponseBodyFeature>()?.DisableBuffering();
        try
        {
            await foreach (var line in runtime.LogsAsync(session.Id, query.Tail ?? 200, query.Follow == true, ct))
            {
                var time = line.Time is { } at ? at.UtcDateTime.ToString("O", System.Globalization.CultureInfo.InvariantCulture) + " " : "";
                await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(time + line.Text + "\n"), ct);
                if (query.Follow == true)
                    await http.Response.Body.FlushAsync(ct);
            }
        }
        catch (RuntimeFailure e) when (!http.Response.HasStarted)
        {
            return Told(session, e).ToHttp();
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The reader has gone.
        }

        return Results.Empty;
    }

    private async Task<IResult> ProcessesAsync(SessionRef id, SessionShelf shelf, CancellationToken ct)
    {
        var found = await shelf.FindToLookInsideAsync(id, ct);
        if (!found.Ok)
            return found.Failure.ToHttp();
        var session = found.Value;
        if (session.Phase is not (SessionPhase.Running or SessionPhase.Frozen or SessionPhase.Freezing))
            return SessionFailures.NotUp(session.Name, session.Phase).ToHttp();
        if (runtimes.Find(session.Runtime) is not { } runtime)
            return SessionFailures.RuntimeDown(session.Runtime, null).ToHttp();
        try
        {
            var processes = await runtime.ProcessesAsync(session.Id, ct);
            return TypedResults.Ok(new Page<ProcessAnswer>([.. processes.Select(p => new ProcessAnswer(p.Pid, p.Parent, NameOf(p.Command), p.Command, Percent(session.Id, p), p.MemoryBytes))], null, processes.Count));
        }
        catch (RuntimeFailure e)
        {
            return Told(session, e).ToHttp();
        }
    }

    // CPU since the last look; the first look has nothing to compare with.
    private double? Percent(SessionId session, SessionProcess process)
    {
        var now = clock.GetTimestamp();
        if (seen.Count > 20_000)
            seen.Clear();
        double? percent = null;
        if (seen.TryGetValue((session, process.Pid), out var before) && clock.GetElapsedTime(before.At, now) is { TotalMilliseconds: > 200 } passed && process.CpuNanoseconds >= before.CpuNanoseconds)
            percent = Math.Round((process.CpuNanoseconds - before.CpuNanoseconds) / passed.TotalNanoseconds * 100, 1);
        seen[(session, process.Pid)] = (process.CpuNanoseconds, now);
        return percent;
    }

    private static Failure Told(Session session, RuntimeFailure e) => e.Reason == RuntimeReasons.RuntimeLost
        ? SessionFailures.RuntimeDown(session.Runtime, e.Message)
        : new Failure(FailureKind.Conflict, "SESSION_NOT_RUNNING", e.Message, new { reason = e.Reason });

    private static string NameOf(string command)
    {
        var first = command.Split(' ', 2)[0];
        return first.Contains('/', StringComparison.Ordinal) ? first[(first.LastIndexOf('/') + 1)..] : first;
    }
}
