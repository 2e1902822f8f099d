using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;

namespace StreamSpace.Sessions;

/// <summary>The tables of this module.</summary>
internal sealed class SessionsDb(DbContextOptions<SessionsDb> options) : ModuleDb(options)
{
    public override string Schema => "sessions";

    public DbSet<Session> Sessions => Set<Session>();

    public DbSet<WorkItem> Work => Set<WorkItem>();

    public DbSet<Presence> Presence => Set<Presence>();

    public DbSet<QueueTurn> QueueTurns => Set<QueueTurn>();

    public DbSet<Replica> Replicas => Set<Replica>();

    public DbSet<UsageRow> Usage => Set<UsageRow>();

    public DbSet<ActivityRow> Activity => Set<ActivityRow>();

    /// <summary>Saves a session with the facts its changes left behind.</summary>
    public async Task SaveAsync(Session session, IEventLog events, CancellationToken ct)
    {
        foreach (var fact in session.TakeFacts())
            events.Append(this, fact);
        await SaveChangesAsync(ct);
    }

    /// <summary>Saves a wish and makes its session due in the same transaction, so that neither is lost without the other.</summary>
    public async Task SaveWishAsync(Session session, IEventLog events, TimeProvider clock, CancellationToken ct)
    {
        await using var transaction = await Database.BeginTransactionAsync(ct);
        await Database.ExecuteSqlAsync($"update sessions.work set due_at = {clock.GetUtcNow()}, wishes = wishes + 1, attempts = 0 where session_id = {session.Id.Value}", ct);
        await SaveAsync(session, events, ct);
        await transaction.CommitAsync(ct);
    }

    protected override void Describe(ModelBuilder model)
    {
        model.Entity<Session>(Describe);
        model.Entity<WorkItem>().HasKey(w => w.SessionId);
        model.Entity<Presence>().HasKey(p => p.SessionId);
        model.Entity<QueueTurn>().HasKey(t => new { t.Runtime, t.Kind, t.Key });
        model.Entity<Replica>().HasKey(r => r.Instance);
        model.Entity<UsageRow>().HasKey(u => new { u.SessionId, u.At });
        model.Entity<ActivityRow>(row =>
        {
            row.HasKey(a => a.Position);
            row.Property(a => a.Position).ValueGeneratedNever();
            row.Property(a => a.Data).HasColumnType("jsonb");
        });
    }

    private static void Describe(EntityTypeBuilder<Session> session)
    {
        session.HasKey(s => s.Id);
        session.Property(s => s.Version).IsRowVersion().HasColumnName("xmin").HasColumnType("xid");
        session.Property(s => s.Wanted).HasConversion(v => Wire.Name(v), v => Wire.Parse<SessionWish>(v));
        session.Property(s => s.Phase).HasConversion(v => Wire.Name(v), v => Wire.Parse<SessionPhase>(v));
        session.Property(s => s.LimitsState).HasConversion(v => Wire.Name(v), v => Wire.Parse<LimitsState>(v));
        AsJson(session.Property(s => s.Application));
        AsJson(session.Property(s => s.LimitsFrom));
        AsJson(session.Property(s => s.Env));
        AsJson(session.Property(s => s.Progress));
        AsJson(session.Property(s => s.Timings));
    }

    // These values are replaced whole, never changed in place: comparing references is right and cheap.
    private static void AsJson<T>(PropertyBuilder<T> property) => property.HasColumnType("jsonb").HasConversion(
        new ValueConverter<T, string>(v => JsonSerializer.Serialize(v, Json.EventOptions), v => JsonSerializer.Deserialize<T>(v, Json.EventOptions)!),
        new ValueComparer<T>((a, b) => ReferenceEquals(a, b), v => v == null ? 0 : System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(v), v => v));
}
