using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using StreamSpace.Kernel;
using StreamSpace.Recordings.Approvals;
using StreamSpace.Recordings.Exports;
using StreamSpace.Recordings.Library;
using StreamSpace.Recordings.Policies;

namespace StreamSpace.Recordings;

/// <summary>The tables of this module.</summary>
internal sealed class RecordingsDb(DbContextOptions<RecordingsDb> options) : ModuleDb(options)
{
    public override string Schema => "recordings";

    public DbSet<Recording> Recordings => Set<Recording>();

    public DbSet<RecordingPolicy> Policies => Set<RecordingPolicy>();

    public DbSet<SegmentRow> Segments => Set<SegmentRow>();

    public DbSet<AccessRow> AccessLog => Set<AccessRow>();

    public DbSet<Removal> Removals => Set<Removal>();

    public DbSet<RecordingExport> Exports => Set<RecordingExport>();

    public DbSet<AccessRequest> AccessRequests => Set<AccessRequest>();

    public DbSet<SideNote> SideNotes => Set<SideNote>();

    protected override void Describe(ModelBuilder model)
    {
        model.Entity<Recording>(recording =>
        {
            recording.HasKey(r => r.Id);
            recording.Property(r => r.State).HasConversion(s => s.ToString().ToLowerInvariant(), s => Enum.Parse<RecordingState>(s, true));
        });
        model.Entity<RecordingPolicy>(policy =>
        {
            policy.ToTable("policies").HasKey(p => p.Id);
            policy.Property(p => p.Id).ValueGeneratedNever();
            policy.Ignore(p => p.Terms);
            policy.Property(p => p.Version).IsConcurrencyToken();
            policy.Property(p => p.Windows).HasColumnType("jsonb").HasConversion(
                new ValueConverter<IReadOnlyList<PolicyWindow>, string>(v => JsonSerializer.Serialize(v, Json.EventOptions), v => JsonSerializer.Deserialize<IReadOnlyList<PolicyWindow>>(v, Json.EventOptions)!),
                new ValueComparer<IReadOnlyList<PolicyWindow>>((a, b) => ReferenceEquals(a, b), v => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(v), v => v));
            // Replaced whole, never changed in place: comparing references is right.
            policy.Property(p => p.ApplyTo).HasColumnType("jsonb").HasConversion(
                new ValueConverter<PolicyScope, string>(v => JsonSerializer.Serialize(v, Json.EventOptions), v => JsonSerializer.Deserialize<PolicyScope>(v, Json.EventOptions)!),
                new ValueComparer<PolicyScope>((a, b) => ReferenceEquals(a, b), v => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(v), v => v));
        });
        model.Entity<SegmentRow>(segment =>
        {
            segment.ToTable("segments").HasKey(s => new { s.RecordingId, s.Number });
            segment.Property(s => s.Number).ValueGeneratedNever();
            segment.Property(s => s.Events).HasColumnType("jsonb");
        });
        model.Entity<Removal>(removal =>
        {
            removal.HasKey(r => new { r.RecordingId, r.Number });
            removal.Property(r => r.Number).ValueGeneratedNever();
        });
        model.Entity<WatcherRow>().ToTable("watchers").HasKey(w => new { w.RecordingId, w.UserId });
        model.Entity<AccessRow>().ToTable("access_log").HasKey(a => a.Id);
        model.Entity<RecordingExport>(export =>
        {
            export.ToTable("exports").HasKey(e => e.RecordingId);
            export.Property(e => e.State).HasConversion(s => s.ToString().ToLowerInvariant(), s => Enum.Parse<ExportState>(s, true));
            export.Ignore(e => e.Unfinished);
        });
        model.Entity<AccessRequest>(request =>
        {
            request.HasKey(r => r.Id);
            request.Property(r => r.Id).ValueGeneratedNever();
            request.Property(r => r.State).HasConversion(s => s.ToString().ToLowerInvariant(), s => Enum.Parse<AccessState>(s, true));
        });
        model.Entity<SideNote>(note =>
        {
            note.HasKey(n => n.Id);
            note.Property(n => n.Note).HasColumnType("jsonb");
        });
    }
}
