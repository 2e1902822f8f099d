using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Contracts.Streaming;
using StreamSpace.Kernel;
using StreamSpace.Streaming.Relay;

namespace StreamSpace.Streaming.Viewers;

/// <summary>Who looks: the sockets of this replica in memory, the viewers of all replicas in the database.</summary>
internal sealed class ViewerBook(IDbContextFactory<StreamingDb> databases, NpgsqlDataSource database, IEventLog events, Instance instance, IOptions<StreamingOptions> options, TimeProvider clock)
    : IViewerCounts
{
    private readonly ConcurrentDictionary<ViewerId, (Viewer Viewer, ViewerRelay Relay)> _here = new();

    /// <summary>The viewers of this replica.</summary>
    public IEnumerable<(Viewer Viewer, ViewerRelay Relay)> Here => _here.Values;

    /// <summary>One of this replica's viewers.</summary>
    public Viewer? Find(ViewerId id) => _here.TryGetValue(id, out var found) ? found.Viewer : null;

    /// <summary>Writes a viewer in, unless the session has as many as it may. Two that come at once do not both get the last place.</summary>
    public async Task<bool> EnterAsync(Viewer viewer, ViewerRelay relay, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await LockAsync(db, viewer.Session, ct);
        var alive = clock.GetUtcNow() - options.Value.ReplicaSilentFor;
        var looking = await db.Viewers.CountAsync(v => v.SessionId == viewer.Session && v.SeenAt > alive, ct);
        if (looking >= options.Value.MaxViewersPerSession)
            return false;
        db.Add(ViewerRow.Of(viewer, instance.Name));
        events.Append(db, new SessionConnected(viewer.Session, viewer.Owner, viewer.Id, viewer.Login.User, viewer.Level, looking + 1));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        _here[viewer.Id] = (viewer, relay);
        return true;
    }

    /// <summary>Takes a viewer out. Not cancelled: it happens after the socket is gone.</summary>
    public async Task LeaveAsync(Viewer viewer, ViewerEnd end)
    {
        _here.TryRemove(viewer.Id, out _);
        await using var db = await databases.CreateDbContextAsync(CancellationToken.None);
        await using var transaction = await db.Database.BeginTransactionAsync(CancellationToken.None);
        await LockAsync(db, viewer.Session, CancellationToken.None);
        if (await db.Viewers.Where(v => v.Id == viewer.Id).ExecuteDeleteAsync(CancellationToken.None) == 0)
            return; // another replica took us for dead and has told it
        var alive = clock.GetUtcNow() - options.Value.ReplicaSilentFor;
        var remaining = await db.Viewers.CountAsync(v => v.SessionId == viewer.Session && v.SeenAt > alive, CancellationToken.None);
        events.Append(db, new SessionDisconnected(viewer.Session, viewer.Owner, viewer.Id, viewer.Login.User, end.EventReason(), remaining));
        await db.SaveChangesAsync(CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
    }

    /// <summary>One at a time per session, so that the counts in the events are right.</summary>
    private static Task LockAsync(StreamingDb db, SessionId session, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(4712, hashtext({session.Value.ToString()}))", ct);

    /// <summary>Writes a level that changed at once: whoever is told of it asks any replica.</summary>
    public async Task NoteLevelAsync(Viewer viewer, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        await db.Viewers.Where(v => v.Id == viewer.Id).ExecuteUpdateAsync(v => v.SetProperty(x => x.Level, viewer.Level), ct);
    }

    /// <summary>Signs for the viewers of this replica and writes their figures, in one statement.</summary>
    public async Task SignAsync(CancellationToken ct)
    {
        var here = _here.Values.Select(v => v.Viewer).ToArray();
        if (here.Length == 0)
            return;
        await using var update = database.CreateCommand(
            """
            update streaming.viewers v set seen_at = $1, client_ms = s.client_ms, display_ms = s.display_ms, bytes_in = s.bytes_in, bytes_out = s.bytes_out, held = s.held, level = s.level,
                bytes_per_second = s.bytes_per_second, messages_in = s.messages_in, updates = s.updates, frames_per_second = s.frames_per_second,
                quality_level = s.quality_level, quality_best = s.quality_best, quality_automatic = s.quality_automatic
            from unnest($2::uuid[], $3::float8[], $4::float8[], $5::bigint[], $6::bigint[], $7::boolean[], $8::text[], $9::real[], $10::bigint[], $11::bigint[], $12::real[], $13::integer[], $14::integer[], $15::boolean[])
                s(id, client_ms, display_ms, bytes_in, bytes_out, held, level, bytes_per_second, messages_in, updates, frames_per_second, quality_level, quality_best, quality_automatic)
            where v.id = s.id
            """);
        update.Parameters.Add(new() { Value = clock.GetUtcNow().UtcDateTime });
        update.Parameters.Add(Column(NpgsqlDbType.Uuid, here.Select(v => v.Id.Value).ToArray()));
        update.Parameters.Add(Column(NpgsqlDbType.Double, here.Select(v => v.ClientLatency).ToArray()));
        update.Parameters.Add(Column(NpgsqlDbType.Double, here.Select(v => v.DisplayLatency).ToArray()));
        update.Parameters.Add(Column(NpgsqlDbType.Bigint, here.Select(v => v.BytesIn).ToArray()));
        update.Parameters.Add(Column(NpgsqlDbType.Bigint, here.Select(v => v.BytesOut).ToArray()));
        update.Parameters.Add(Column(NpgsqlDbType.Boolean, here.Select(v => v.Held).ToArray()));
        update.Parameters.Add(Column(NpgsqlDbType.Text, here.Select(v => Levels.ToText(v.Level)).ToArray()));
        var qualities = here.Select(v => v.Quality).ToArray();
        update.Parameters.Add(Column(NpgsqlDbType.Real, here.Select(v => v.BytesPerSecond).ToArray()));
        update.Parameters.Add(Column(NpgsqlDbType.Bigint, here.Select(v => v.MessagesIn).ToArray()));
        update.Parameters.Add(Column(NpgsqlDbType.Bigint, here.Select(v => v.Updates).ToArray()));
        update.Parameters.Add(Column(NpgsqlDbType.Real, here.Select(v => v.FramesPerSecond).ToArray()));
        update.Parameters.Add(Column(NpgsqlDbType.Integer, qualities.Select(q => q?.Level).ToArray()));
        update.Parameters.Add(Column(NpgsqlDbType.Integer, qualities.Select(q => q?.Best).ToArray()));
        update.Parameters.Add(Column(NpgsqlDbType.Boolean, qualities.Select(q => q?.Automatic ?? false).ToArray()));
        await update.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Removes what dead replicas left behind, and expired tickets.</summary>
    public async Task SweepAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var dead = now - options.Value.ReplicaSilentFor;
        await using var db = await databases.CreateDbContextAsync(ct);
        await db.Tickets.Where(t => t.ExpiresAt < now).ExecuteDeleteAsync(ct);
        var left = await db.Viewers.AsNoTracking().Where(v => v.SeenAt < dead && v.Instance != instance.Name).ToListAsync(ct);
        foreach (var row in left)
        {
            if (await db.Viewers.Where(v => v.Id == row.Id && v.SeenAt < dead).ExecuteDeleteAsync(ct) == 0)
                continue; // another replica was faster
            var remaining = await db.Viewers.CountAsync(v => v.SessionId == row.SessionId && v.SeenAt > dead, ct);
            events.Append(db, new SessionDisconnected(row.SessionId, row.OwnerId, row.Id, row.UserId, ViewerEnd.ServerStopped.EventReason(), remaining));
            await db.SaveChangesAsync(ct);
        }
    }

    public async Task<IReadOnlyDictionary<SessionId, int>> CountAsync(IReadOnlyCollection<SessionId> sessions, CancellationToken ct)
    {
        if (sessions.Count == 0)
            return new Dictionary<SessionId, int>();
        await using var db = await databases.CreateDbContextAsync(ct);
        var alive = clock.GetUtcNow() - options.Value.ReplicaSilentFor;
        return await db.Viewers.Where(v => sessions.Contains(v.SessionId) && v.SeenAt > alive).GroupBy(v => v.SessionId).ToDictionaryAsync(g => g.Key, g => g.Count(), ct);
    }

    private static NpgsqlParameter Column(NpgsqlDbType type, object values) => new() { NpgsqlDbType = NpgsqlDbType.Array | type, Value = values };
}
