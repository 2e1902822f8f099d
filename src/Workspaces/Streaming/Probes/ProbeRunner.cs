using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;
using StreamSpace.Rfb;
using StreamSpace.Rfb.Ends;
using StreamSpace.Streaming.Relay;
using StreamSpace.Streaming.Tickets;
using StreamSpace.Streaming.Viewers;

namespace StreamSpace.Streaming.Probes;

/// <summary>What a probe found.</summary>
/// <param name="Through">By the way a viewer has: ticket, WebSocket, proxy, display, and back.</param>
/// <param name="Direct">The same on a connection straight to the display, taking turns.</param>
/// <param name="Lost">Moves that did not show in time.</param>
/// <param name="ViewerMs">The WebSocket's ping inside of it; null when none came back.</param>
/// <param name="DisplayMs">The fence between proxy and display; null for displays without.</param>
/// <param name="OpeningMs">From the ticket to the whole picture.</param>
internal sealed record ProbeResult(ProbeFigures Through, ProbeFigures Direct, int Lost, double? ViewerMs, double? DisplayMs, double OpeningMs);

/// <summary>
/// Plays a viewer of a session and measures. Map: (1) a ticket, kept and redeemed like anybody's; (2) a connection over loopback whose far end the proxy
/// serves like an upgraded request; at the near end a WebSocket client and the RFB client; (3) a second client straight on the display; (4) both move the pointer
/// in turns; (5) the pointer goes back to where it was. All that is missing of a real viewer's way is the HTTP upgrade and the network.
/// </summary>
internal sealed class ProbeRunner(
    StreamDoor door, ViewerBook book, DisplayOpener displays, IDbContextFactory<StreamingDb> databases, StreamMetrics metrics, IOptions<StreamingOptions> options, TimeProvider clock)
{
    private const int MostLost = 3;

    /// <summary>A request may take 30 s in all.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan OpeningPatience = TimeSpan.FromSeconds(8);
    private readonly ConcurrentDictionary<SessionId, bool> _running = new();

    public async Task<Result<ProbeResult>> RunAsync(SessionFacts session, UserId user, LoginId login, int samples, CancellationToken ct)
    {
        if (!_running.TryAdd(session.Id, true))
            return ProbeFailures.Busy;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        over.CancelAfter(OpeningPatience);
        try
        {
            return await MeasureAsync(session, user, login, samples, over);
        }
        catch (Exception e) when (!ct.IsCancellationRequested
            && e is RfbException or RuntimeFailure or IOException or SocketException or WebSocketException or OperationCanceledException)
        {
            return ProbeFailures.Unreachable;
        }
        finally
        {
            _running.TryRemove(session.Id, out _);
        }
    }

    private async Task<Result<ProbeResult>> MeasureAsync(SessionFacts session, UserId user, LoginId login, int samples, CancellationTokenSource over)
    {
        var ct = over.Token;
        var began = clock.GetTimestamp();
        var (issued, secret) = Ticket.Issue(session.Id, user, login, AccessLevel.Collaborate, clock.GetUtcNow(), options.Value.TicketLifetime); // (1)
        await using (var db = await databases.CreateDbContextAsync(ct))
        {
            db.Add(issued);
            await db.SaveChangesAsync(ct);
        }
        var ticket = await door.RedeemAsync(new SessionRef(session.Id, null), secret, ct);
        if (!ticket.Ok)
            return ticket.Failure;
        var at = PointerOf(session.Id);
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var (near, far) = await LoopbackAsync(ct); // (2)
        await using var farStream = new NetworkStream(far, ownsSocket: true);
        using var socket = new ViewerSocket(farStream, far, gone.Token);
        var serving = door.ServeAsync(ticket.Value, socket, "", gone.Token, measures: true);
        try
        {
            using var web = WebSocket.CreateFromStream(new NetworkStream(near, ownsSocket: true), new WebSocketCreationOptions { SubProtocol = "binary", KeepAliveInterval = TimeSpan.Zero });
            await using var through = await RfbClient.ConnectAsync(WebSocketStream.Create(web, WebSocketMessageType.Binary, ownsWebSocket: false), null, ct, PointerProbe.Options);
            PointerProbe viewer = new(through, clock);
            await viewer.BeginAsync(ct);
            var opening = clock.GetElapsedTime(began);
            var (stream, password) = await displays.OpenAsync(session.Id, ct); // (3)
            await using var owned = stream;
            await using var direct = await RfbClient.ConnectAsync(stream, password, ct, PointerProbe.Options);
            PointerProbe beside = new(direct, clock);
            await beside.BeginAsync(ct);
            over.CancelAfter(Patience - clock.GetElapsedTime(began));
            var place = at ?? (through.Picture.Width / 2, through.Picture.Height / 2);
            place.X = Math.Max(0, Math.Min(place.X, through.Picture.Width - 1 - PointerProbe.Shift));
            return await TakeTurnsAsync(issued.ViewerId, viewer, beside, place, samples, opening, ct);
        }
        finally
        {
            near.Dispose();
            await gone.CancelAsync();
            await serving;
        }
    }

    /// <summary>(4), (5)</summary>
    private async Task<Result<ProbeResult>> TakeTurnsAsync(ViewerId id, PointerProbe viewer, PointerProbe beside, (int X, int Y) place, int samples, TimeSpan opening, CancellationToken ct)
    {
        List<TimeSpan> through = [], direct = [];
        var lost = 0;
        var away = false;
        await viewer.ReturnAsync(place, ct);
        if (!await viewer.StandsStillAsync(place, ct))
            return ProbeFailures.Moves;
        for (var turn = -1; turn < samples; turn++) // the first compiles the way and does not count
        {
            foreach (var (probe, kept) in new[] { (viewer, through), (beside, direct) })
            {
                var took = await probe.MoveAsync(place, away = !away, ct);
                if (took is null && ++lost >= MostLost && kept.Count == 0)
                    return ProbeFailures.Unseen;
                if (took is not { } time || turn < 0)
                    continue;
                kept.Add(time);
                metrics.Probed(time.TotalSeconds, direct: kept == direct);
            }
        }
        if (book.Here.FirstOrDefault(v => v.Viewer.Id == id) is { Relay: { } relay, Viewer: { } seen })
        {
            await relay.ProbeAsync(TimeSpan.Zero, TimeSpan.MaxValue);
            await viewer.StandsStillAsync(place, ct); // reads, and so answers
        }
        else
            seen = null;
        await viewer.ReturnAsync(place, ct);
        return through.Count == 0 || direct.Count == 0
            ? ProbeFailures.Unseen
            : new ProbeResult(ProbeFigures.Of(through), ProbeFigures.Of(direct), lost, Round(seen?.ClientLatency), Round(seen?.DisplayLatency), ProbeFigures.Round(opening.TotalMilliseconds));
    }

    private static double? Round(double? milliseconds) => milliseconds is { } value ? ProbeFigures.Round(value) : null;

    /// <summary>Where somebody who looks from here has the pointer: there two pixels disturb least.</summary>
    private (int X, int Y)? PointerOf(SessionId session) =>
        book.Here.Where(v => v.Viewer.Session == session && v.Relay.Pointed is not null).OrderByDescending(v => v.Viewer.MessagesIn).Select(v => v.Relay.Pointed).FirstOrDefault();

    private static async Task<(Socket Near, Socket Far)> LoopbackAsync(CancellationToken ct)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        var near = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await near.ConnectAsync(listener.LocalEndPoint!, ct);
        var far = await listener.AcceptAsync(ct);
        far.NoDelay = true;
        if (far.RemoteEndPoint!.Equals(near.LocalEndPoint))
            return (near, far);
        near.Dispose();
        far.Dispose();
        throw new IOException("Another program of this machine came in between.");
    }
}
