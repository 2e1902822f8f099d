using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Kernel;

namespace StreamSpace.Templates;

/// <summary>What is known about templates beside the catalogue's files: who likes and uses them, and how fast they start.</summary>
internal sealed class TemplatesDb(DbContextOptions<TemplatesDb> options) : ModuleDb(options)
{
    public override string Schema => "templates";

    public DbSet<Favourite> Favourites => Set<Favourite>();

    public DbSet<TemplateUse> Uses => Set<TemplateUse>();

    public DbSet<MeasuredStart> Starts => Set<MeasuredStart>();

    public DbSet<CountedEvent> Counted => Set<CountedEvent>();

    protected override void Describe(ModelBuilder model)
    {
        model.Entity<Favourite>().HasKey(f => new { f.UserId, f.Template });
        model.Entity<TemplateUse>().HasKey(u => new { u.UserId, u.Template });
        model.Entity<MeasuredStart>(start =>
        {
            start.HasKey(s => s.Position);
            start.Property(s => s.Position).ValueGeneratedNever();
        });
        model.Entity<CountedEvent>(counted =>
        {
            counted.HasKey(c => c.Position);
            counted.Property(c => c.Position).ValueGeneratedNever();
        });
    }
}

/// <summary>Somebody likes a template.</summary>
internal sealed class Favourite
{
    public UserId UserId { get; init; }
    public required string Template { get; init; }
    public DateTimeOffset At { get; init; }
}

/// <summary>How often and when somebody launched a template.</summary>
internal sealed class TemplateUse
{
    public UserId UserId { get; init; }
    public required string Template { get; init; }
    public long Launches { get; set; }
    public DateTimeOffset LastUsedAt { get; set; }
}

/// <summary>How long a launch took.</summary>
internal sealed class MeasuredStart
{
    public long Position { get; init; }
    public required string Template { get; init; }
    public required string Runtime { get; init; }
    public long Ms { get; init; }
    public DateTimeOffset At { get; init; }
}

/// <summary>An event that is counted.</summary>
internal sealed class CountedEvent
{
    public long Position { get; init; }
}
