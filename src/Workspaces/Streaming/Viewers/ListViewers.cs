using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;

namespace StreamSpace.Streaming.Viewers;

/// <summary>GET /sessions/{session}/viewers: who looks, on all replicas.</summary>
internal static class ListViewers
{
    public sealed record Person(UserId Id, string Username, string DisplayName);

    /// <summary>Milliseconds there and back; null when not measured.</summary>
    public sealed record Latency(double? Client, double? Display);

    /// <param name="Automatic">It follows the viewer's line; otherwise it is what the viewer asked for.</param>
    /// <param name="Level">JPEG level of the picture now: 0 (small) to 9 (sharp).</param>
    /// <param name="Best">The level the viewer asked for.</param>
    public sealed record Quality(bool Automatic, int Level, int Best);

    /// <param name="Id">The viewer.</param>
    /// <param name="User">Whose it is.</param>
    /// <param name="Level">What it may do.</param>
    /// <param name="Address">Where it is; empty for those who may not know.</param>
    /// <param name="ConnectedAt">Since when.</param>
    /// <param name="LatencyMs">Both parts of the way.</param>
    /// <param name="BytesIn">From the viewer.</param>
    /// <param name="BytesOut">To the viewer.</param>
    /// <param name="BytesPerSecond">To the viewer, over the last second.</param>
    /// <param name="MessagesIn">RFB messages of the viewer.</param>
    /// <param name="Updates">Updates of the picture to the viewer.</param>
    /// <param name="FramesPerSecond">Updates in the last second.</param>
    /// <param name="Quality">How good the picture is; null for a viewer that takes no JPEG.</param>
    /// <param name="Held">No display is connected.</param>
    public sealed record Item(
        ViewerId Id, Person User, AccessLevel Level, string Address, DateTimeOffset ConnectedAt, Latency LatencyMs, long BytesIn, long BytesOut, double BytesPerSecond,
        long MessagesIn, long Updates, double FramesPerSecond, Quality? Quality, bool Held);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/sessions/{session}/viewers", HandleAsync).Needs(StreamingPermissions.List)
            .WithSummary("List who looks at a session").WithTags("Viewers").Produces<Page<Item>>();

    internal static async Task<IResult> HandleAsync(
        SessionRef session, ICaller caller, PermissionRegistry permissions, ISessionDirectory sessions, ViewerBook book, StreamingDb db,
        IOptions<StreamingOptions> options, TimeProvider clock, CancellationToken ct)
    {
        if (await sessions.FindAsync(session, caller.UserId, name => permissions.Find(name) is { } p && caller.May(p), ct) is not { } sight)
            return Failure.Missing("session").ToHttp();
        var alive = clock.GetUtcNow() - options.Value.ReplicaSilentFor;
        var rows = await db.Viewers.AsNoTracking().Where(v => v.SessionId == sight.Session.Id && v.SeenAt > alive).OrderBy(v => v.ConnectedAt).ToListAsync(ct);
        // Whoever does not manage the session sees who is there, but not from where.
        return TypedResults.Ok(new Page<Item>([.. rows.Select(r => ToItem(r, book, sight.Manages || r.UserId == caller.Id))], null, rows.Count));
    }

    private static Item ToItem(ViewerRow row, ViewerBook book, bool showAddress)
    {
        var person = new Person(row.UserId, row.Username, row.DisplayName);
        var address = showAddress ? row.Address : "";
        return book.Find(row.Id) is { } here
            ? new(row.Id, person, here.Level, address, row.ConnectedAt, new(Round(here.ClientLatency), Round(here.DisplayLatency)), here.BytesIn, here.BytesOut, Rate(here.BytesPerSecond),
                here.MessagesIn, here.Updates, Rate(here.FramesPerSecond), here.Quality is { } q ? new(q.Automatic, q.Level, q.Best) : null, here.Held)
            : new(row.Id, person, row.Level, address, row.ConnectedAt, new(Round(row.ClientMs), Round(row.DisplayMs)), row.BytesIn, row.BytesOut, Rate(row.BytesPerSecond),
                row.MessagesIn, row.Updates, Rate(row.FramesPerSecond), row.QualityLevel is { } level ? new(row.QualityAutomatic, level, row.QualityBest ?? level) : null, row.Held);
    }

    private static double Rate(double perSecond) => Math.Round(perSecond, 1);

    private static double? Round(double? ms) => ms is { } value ? Math.Round(value, 2) : null;
}
