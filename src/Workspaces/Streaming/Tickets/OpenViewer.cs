using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Dlp;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;
using StreamSpace.Streaming.Protection;
using StreamSpace.Streaming.Viewers;

namespace StreamSpace.Streaming.Tickets;

/// <summary>POST /sessions/{session}/viewers: a ticket for the stream; wakes the session if need be.</summary>
internal static class OpenViewer
{
    /// <param name="Level">view, collaborate or control: never more than that. When absent one's own level, also as it changes.</param>
    public sealed record Request([MaxLength(20)] string? Level = null);

    /// <summary>What passes the proxy at this level and under the data protection policies of this moment; for the viewer's buttons, the proxy decides by itself.</summary>
    /// <param name="Keyboard">Keys.</param>
    /// <param name="Pointer">The pointer.</param>
    /// <param name="ClipboardIn">Texts into the session.</param>
    /// <param name="ClipboardOut">Texts out of the session.</param>
    /// <param name="Resize">Another picture size.</param>
    /// <param name="Power">Power commands.</param>
    /// <param name="ClipboardInMaxBytes">Longest text into the session; null where no policy sets a limit.</param>
    /// <param name="ClipboardOutMaxBytes">Longest text out of the session; null where no policy sets a limit.</param>
    /// <param name="Screenshot">Whether the viewer offers pictures of the screen.</param>
    /// <param name="ClosedBy">Names of the policies that closed something.</param>
    /// <param name="Watermark">Whether the picture is shown under a watermark only; what it says comes with the stream.</param>
    /// <param name="Printing">Whether the viewer lets the browser print the picture.</param>
    public sealed record Policy(
        bool Keyboard, bool Pointer, bool ClipboardIn, bool ClipboardOut, bool Resize, bool Power, int? ClipboardInMaxBytes, int? ClipboardOutMaxBytes, bool Screenshot, IReadOnlyList<string> ClosedBy, bool Watermark,
        bool Printing);

    public sealed record Response(ViewerId ViewerId, string Ticket, string Url, AccessLevel Level, Policy Policy, DateTimeOffset ExpiresAt);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/sessions/{session}/viewers", HandleAsync).Needs(StreamingPermissions.Open).Audited("viewer.ticket_issued").AnswersSecrets()
            .WithSummary("Ask for a ticket to a session's display").WithTags("Viewers").Produces<Response>();

    internal static async Task<IResult> HandleAsync(
        SessionRef session, Request? request, ICaller caller, PermissionRegistry permissions, ISessionDirectory sessions, ISessionWaker waker,
        IDataProtection protection, StreamingDb db, IOptions<StreamingOptions> options, TimeProvider clock, CancellationToken ct)
    {
        AccessLevel? wanted = null;
        if (request?.Level is { } text && (wanted = Levels.Parse(text)) is null)
            return Failure.Field("level", "must be view, collaborate or control.").ToHttp();
        if (caller.Login is not { } login)
            return TicketRules.NeedsLogin.ToHttp();
        if (await sessions.FindAsync(session, caller.UserId, name => permissions.Find(name) is { } p && caller.May(p), ct) is not { } sight)
            return Failure.Missing("session").ToHttp();
        var now = clock.GetUtcNow();
        var looking = await db.Viewers.CountAsync(v => v.SessionId == sight.Session.Id && v.SeenAt > now - options.Value.ReplicaSilentFor, ct);
        var level = TicketRules.Decide(sight, wanted, looking, options.Value.MaxViewersPerSession);
        if (!level.Ok)
            return level.Failure.ToHttp();
        if (sight.Session.Phase != SessionPhase.Running && TicketRules.Of(await waker.WakeAsync(sight.Session.Id, caller.UserId, WakeCause.Connect, ct), sight.Session) is { } asleep)
            return asleep.ToHttp();

        var policy = (await protection.FindAsync([sight.Session.SubjectFor(caller.UserId)], ct))[0];
        // Who names no level wants as much as they may: an open viewer follows a share that is raised.
        var (ticket, secret) = Ticket.Issue(sight.Session.Id, caller.UserId, login, wanted ?? AccessLevel.Control, now, options.Value.TicketLifetime);
        db.Add(ticket);
        await db.SaveChangesAsync(ct);
        var url = $"/api/v1/sessions/{ticket.SessionId}/stream?ticket={secret}";
        return TypedResults.Ok(new Response(ticket.ViewerId, secret, url, level.Value, PolicyOf(level.Value, policy ?? StreamPolicy.Free), ticket.ExpiresAt));
    }

    internal static Policy PolicyOf(AccessLevel level, StreamPolicy policy)
    {
        var (types, drives) = (level >= AccessLevel.Collaborate, level >= AccessLevel.Control);
        string[] closedBy = [.. ((Ruled<bool>[])[policy.ClipboardIn.Allowed, policy.ClipboardOut.Allowed, policy.Screenshot, policy.Printing]).Where(r => !r.Value).Select(r => r.By?.Name ?? "").Distinct()];
        return new(
            types, types, drives && policy.ClipboardIn.Allowed.Value, policy.ClipboardOut.Allowed.Value, drives, drives,
            policy.ClipboardIn.MaxBytes.Value, policy.ClipboardOut.MaxBytes.Value, policy.Screenshot.Value, closedBy, policy.Watermark.Value is not null, policy.Printing.Value);
    }
}
