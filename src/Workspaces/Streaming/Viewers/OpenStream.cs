using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StreamSpace.Contracts.Identity;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;
using StreamSpace.Streaming.Protection;
using StreamSpace.Streaming.Relay;
using StreamSpace.Streaming.Thumbnails;
using StreamSpace.Streaming.Tickets;
using StreamSpace.Streaming.Watching;

namespace StreamSpace.Streaming.Viewers;

/// <summary>
/// GET /sessions/{session}/stream: the WebSocket. Map: (1) a WebSocket from an own page; (2) the ticket, once; (3) upgrade; (4) login and right as of
/// now; (5) a place among the viewers; (6) relay; (7) whatever happened, the viewer is taken out and told.
/// </summary>
internal static class OpenStream
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/sessions/{session}/stream", HandleAsync).Anonymous().Endless()
            .WithSummary("Open a session's display as a WebSocket (RFB); needs a ticket").WithTags("Viewers");

    internal static async Task HandleAsync(HttpContext context, SessionRef session, string? ticket, IOptions<PipelineOptions> http, StreamDoor door)
    {
        if (WebSocketUpgrade.Check(context, http.Value.AllowedOrigins) is { } unusable) // (1)
        {
            await unusable.WriteAsync(context);
            return;
        }
        var redeemed = await door.RedeemAsync(session, ticket ?? "", context.RequestAborted); // (2)
        if (!redeemed.Ok)
        {
            await redeemed.Failure.WriteAsync(context);
            return;
        }
        using var socket = await WebSocketUpgrade.AcceptAsync(context); // (3)
        await door.ServeAsync(redeemed.Value, socket, context.Connection.RemoteIpAddress?.ToString() ?? "", context.RequestAborted);
        context.Abort(); // the close frame was answered or given up; nothing of the connection is used again
    }
}

/// <summary>What stands behind the route: from a ticket to a viewer that has ended.</summary>
internal sealed class StreamDoor(
    IDbContextFactory<StreamingDb> databases, IServiceScopeFactory scopes, RightsWatch watches, PolicyWatch policies, ViewerBook book, DisplayOpener displays,
    ThumbnailTaker thumbnails, StreamMetrics metrics, IOptions<StreamingOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan AfterLeaving = TimeSpan.FromSeconds(5);

    /// <summary>Takes the ticket out of the world; whoever deletes the row has it.</summary>
    public async Task<Result<Ticket>> RedeemAsync(SessionRef session, string secret, CancellationToken ct)
    {
        if (Ticket.HashOf(secret) is not { } hash)
            return TicketFailures.Invalid;
        await using var db = await databases.CreateDbContextAsync(ct);
        if (await db.Tickets.AsNoTracking().FirstOrDefaultAsync(t => t.Hash == hash, ct) is not { } ticket)
            return TicketFailures.Invalid;
        if (ticket.Refuse(session, clock.GetUtcNow()) is { } refused)
            return refused;
        return await db.Tickets.Where(t => t.Hash == hash).ExecuteDeleteAsync(ct) == 1 ? ticket : TicketFailures.Invalid;
    }

    /// <summary>Serves a viewer until it is over.</summary>
    /// <param name="ticket">Redeemed.</param>
    /// <param name="socket">After the upgrade.</param>
    /// <param name="address">Where the viewer is.</param>
    /// <param name="ct">Ends with the connection.</param>
    /// <param name="measures">It is a probe of ours: what it does is no use of the session, and keeps it from nothing.</param>
    public async Task ServeAsync(Ticket ticket, ViewerSocket socket, string address, CancellationToken ct, bool measures = false)
    {
        var admitted = await AdmitAsync(ticket, address, ct); // (4)
        if (admitted.Viewer is not { } viewer || await watches.AcquireAsync(ticket.SessionId, ct) is not { } watch)
        {
            await RefuseAsync(socket, admitted.End, admitted.Sentence);
            return;
        }
        var end = ViewerEnd.ViewerWentAway;
        var entered = false;
        var surroundings = displays.For(viewer, metrics);
        if (measures)
            surroundings = surroundings with { Pressed = () => { }, InputSeen = () => { }, PressesSeen = _ => { } };
        var relay = new ViewerRelay(viewer, socket, watch, surroundings, TimesOf(options.Value));
        try
        {
            using var _ = CallerAccessor.RunAs(Caller.Person(viewer.Login.User, viewer.Login.Username, viewer.Login.Login, [], viewer.Login.Permissions, byCookie: false, address));
            entered = await book.EnterAsync(viewer, relay, ct); // (5)
            if (!entered)
            {
                await RefuseAsync(socket, ViewerEnd.TooManyViewers, "Too many viewers look at this session already.");
                return;
            }
            // After (5): a policy or right that changes from now on finds the viewer in the book; what changed between (4) and (5) is found here.
            await watches.RecheckAsync(viewer, relay, ct);
            await policies.ApplyAsync(viewer, relay, ct);
            metrics.Connected();
            end = await relay.RunAsync(); // (6)
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The connection broke before the viewer was in.
        }
        finally
        {
            watches.Release(ticket.SessionId);
            if (entered) // (7)
            {
                metrics.Ended(end.EventReason());
                using var _ = CallerAccessor.RunAs(Caller.Person(viewer.Login.User, viewer.Login.Username, viewer.Login.Login, [], viewer.Login.Permissions, byCookie: false, address));
                await book.LeaveAsync(viewer, end);
                if (!measures)
                    KeepPicture(viewer, watch);
            }
            await relay.GoodbyeAsync();
            relay.Release();
        }
    }

    private static async Task RefuseAsync(ViewerSocket socket, ViewerEnd end, string sentence)
    {
        await socket.CloseAsync(end.CloseCode(), sentence, TimeSpan.FromSeconds(1));
        await socket.DrainAsync(TimeSpan.FromSeconds(1));
    }

    private static RelayTimes TimesOf(StreamingOptions settings) =>
        new() { DisplayPatience = settings.DisplayPatience, WatermarkAskEvery = settings.WatermarkAskEvery, WatermarkPatience = settings.WatermarkPatience, LowestQuality = settings.LowestQuality };

    /// <summary>Who left wants to see on the card what they left, also once it sleeps. Nobody waits for it.</summary>
    private void KeepPicture(Viewer viewer, SessionWatch watch)
    {
        if (thumbnails.Works && watch.Phase == SessionPhase.Running)
            _ = thumbnails.RefreshAsync(viewer.Session, AfterLeaving);
    }

    private async Task<(Viewer? Viewer, ViewerEnd End, string Sentence)> AdmitAsync(Ticket ticket, string address, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        if (await scope.ServiceProvider.GetRequiredService<ILoginDirectory>().FindAsync(ticket.LoginId, ct) is not { } login || login.User != ticket.UserId)
            return (null, ViewerEnd.LoginEnded, "Your login has ended. Log in again.");
        var sessions = scope.ServiceProvider.GetRequiredService<ISessionDirectory>();
        var sight = await sessions.FindAsync(new SessionRef(ticket.SessionId, null), ticket.UserId, login.Permissions.Contains, ct);
        // Somebody with a ticket knew of the session; that it is there still is no news to them.
        if (sight is null && await sessions.FindAsync(ticket.SessionId, ct) is { Phase: not SessionPhase.Terminated })
            return (null, ViewerEnd.Revoked, "You may not look at this session any more.");
        if (sight is null || sight.Session.Phase is SessionPhase.Terminated)
            return (null, ViewerEnd.SessionEnded, "The session has ended.");
        if (sight.Level is not { } own)
            return (null, ViewerEnd.Revoked, "You may not look at this session any more.");
        var viewer = new Viewer(ticket.ViewerId, ticket.SessionId, sight.Session.Owner, login, ticket.Level, address, clock.GetUtcNow())
        {
            Level = own < ticket.Level ? own : ticket.Level, Subject = sight.Session.SubjectFor(ticket.UserId), SessionName = sight.Session.Name, ByShare = sight.ByShare,
        };
        return (viewer, ViewerEnd.SessionEnded, "The session has ended.");
    }
}
