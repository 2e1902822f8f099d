using Microsoft.EntityFrameworkCore;
using StreamSpace.Kernel;

namespace StreamSpace.Audit;

/// <summary>For reading only: entries are written by the database's own function, which also makes the hash.</summary>
internal sealed class AuditDb(DbContextOptions<AuditDb> options) : ModuleDb(options)
{
    public override string Schema => "audit";

    public DbSet<Entry> Entries => Set<Entry>();

    public DbSet<ChainDay> Days => Set<ChainDay>();

    protected override void Describe(ModelBuilder model)
    {
        model.Entity<Entry>().Property(e => e.Id).ValueGeneratedNever();
        model.Entity<ChainDay>().HasKey(d => d.Day);
    }
}
