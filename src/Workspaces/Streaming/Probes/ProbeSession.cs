using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;
using StreamSpace.Streaming.Tickets;

namespace StreamSpace.Streaming.Probes;

/// <summary>POST /sessions/{session}/probe: how long input takes to its picture, through the whole way.</summary>
internal static class ProbeSession
{
    private const int Usual = 20;

    /// <param name="Samples">Moves that are measured on each way; 20 when not said.</param>
    public sealed record Request([Range(1, 50)] int? Samples = null);

    /// <param name="Through">From a pointer's move to its picture by a viewer's way: ticket, WebSocket, proxy, display, and back. Milliseconds.</param>
    /// <param name="Direct">The same straight at the display, in turns with it. Milliseconds.</param>
    /// <param name="AddedMs">What the way through adds at the median.</param>
    /// <param name="Lost">Moves that did not show within 1.5 s.</param>
    /// <param name="ViewerMs">WebSocket ping inside of it; null when not measured.</param>
    /// <param name="DisplayMs">Fence between proxy and display; null for displays without.</param>
    /// <param name="OpeningMs">From asking for a ticket to the whole picture.</param>
    /// <param name="MeasuredAt">When it was over.</param>
    public sealed record Response(
        ProbeFigures Through, ProbeFigures Direct, double AddedMs, int Lost, double? ViewerMs, double? DisplayMs, double OpeningMs, DateTimeOffset MeasuredAt);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/sessions/{session}/probe", HandleAsync).Needs(StreamingPermissions.Probe).Audited("viewer.probed")
            .WithSummary("Measure how long input takes to its picture").WithTags("Viewers").Produces<Response>();

    internal static async Task<IResult> HandleAsync(
        SessionRef session, Request? request, ICaller caller, PermissionRegistry permissions, ISessionDirectory sessions, ProbeRunner probes, TimeProvider clock, CancellationToken ct)
    {
        if (caller.Login is not { } login)
            return TicketRules.NeedsLogin.ToHttp();
        if (await sessions.FindAsync(session, caller.UserId, name => permissions.Find(name) is { } p && caller.May(p), ct) is not { } sight)
            return Failure.Missing("session").ToHttp();
        if (sight.Level is not >= AccessLevel.Collaborate)
            return ProbeFailures.NoControl.ToHttp();
        if (sight.Session.Phase != SessionPhase.Running)
            return ProbeFailures.NotRunning.ToHttp();
        var found = await probes.RunAsync(sight.Session, caller.UserId, login, request?.Samples ?? Usual, ct);
        if (!found.Ok)
            return found.Failure.ToHttp();
        var (through, direct) = (found.Value.Through, found.Value.Direct);
        return TypedResults.Ok(new Response(
            through, direct, ProbeFigures.Round(through.P50 - direct.P50), found.Value.Lost, found.Value.ViewerMs, found.Value.DisplayMs, found.Value.OpeningMs, clock.GetUtcNow()));
    }
}
