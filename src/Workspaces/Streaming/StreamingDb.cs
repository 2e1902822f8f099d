using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;
using StreamSpace.Streaming.Thumbnails;
using StreamSpace.Streaming.Tickets;
using StreamSpace.Streaming.Viewers;

namespace StreamSpace.Streaming;

internal sealed class StreamingDb(DbContextOptions<StreamingDb> options) : ModuleDb(options)
{
    public override string Schema => "streaming";

    public DbSet<Ticket> Tickets => Set<Ticket>();

    public DbSet<ViewerRow> Viewers => Set<ViewerRow>();

    public DbSet<Thumbnail> Thumbnails => Set<Thumbnail>();

    protected override void Describe(ModelBuilder model)
    {
        model.Entity<Ticket>(ticket =>
        {
            ticket.HasKey(t => t.Hash);
            ticket.HasIndex(t => t.ExpiresAt);
        });
        model.Entity<ViewerRow>(viewer =>
        {
            viewer.HasKey(v => v.Id);
            viewer.HasIndex(v => v.SessionId);
            viewer.HasIndex(v => v.SeenAt);
        });
        model.Entity<Thumbnail>().HasKey(t => t.SessionId);
    }

    protected override void Conventions(ModelConfigurationBuilder conventions) => conventions.Properties<AccessLevel>().HaveConversion<LevelText>();

    private sealed class LevelText() : Microsoft.EntityFrameworkCore.Storage.ValueConversion.ValueConverter<AccessLevel, string>(
        level => Levels.ToText(level), text => Levels.Parse(text)!.Value);
}
