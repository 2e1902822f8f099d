using Microsoft.EntityFrameworkCore;
using Npgsql;
using StreamSpace.Contracts;
using StreamSpace.Kernel;

namespace StreamSpace.Teams;

/// <summary>The tables of this module.</summary>
internal sealed class TeamsDb(DbContextOptions<TeamsDb> options) : ModuleDb(options)
{
    public override string Schema => "teams";

    public DbSet<Team> Teams => Set<Team>();

    public DbSet<Membership> Members => Set<Membership>();

    /// <summary>A team, locked until the transaction ends; every change takes it this way. Who comes and goes does so one after the other, and not while it is deleted.</summary>
    public Task<Team?> LockedAsync(TeamId id, CancellationToken ct) =>
        Teams.FromSql($"select * from teams.teams where id = {id.Value} for update").SingleOrDefaultAsync(ct);

    /// <summary>Saves; null when that went well.</summary>
    public async Task<Failure?> SaveAsync(CancellationToken ct)
    {
        try
        {
            await SaveChangesAsync(ct);
            return null;
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return TeamFailures.NameTaken;
        }
    }

    protected override void Describe(ModelBuilder model)
    {
        model.Entity<Team>().Property(t => t.Id).ValueGeneratedNever();
        model.Entity<Membership>().ToTable("members").HasKey(m => new { m.TeamId, m.UserId });
    }
}
