using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;
using StreamSpace.Sharing.Shares;

namespace StreamSpace.Sharing;

/// <summary>The tables of this module.</summary>
internal sealed class SharingDb(DbContextOptions<SharingDb> options) : ModuleDb(options)
{
    public override string Schema => "sharing";

    public DbSet<Share> Shares => Set<Share>();

    /// <summary>One person's share of a session, locked until the transaction ends: what ends it by the clock waits.</summary>
    public Task<Share?> LockedAsync(SessionId session, UserId user, CancellationToken ct) =>
        Shares.FromSql($"select * from sharing.shares where session_id = {session.Value} and user_id = {user.Value} for update").SingleOrDefaultAsync(ct);

    protected override void Describe(ModelBuilder model) => model.Entity<Share>(share =>
    {
        share.HasKey(s => s.Id);
        share.Property(s => s.Id).ValueGeneratedNever();
    });

    protected override void Conventions(ModelConfigurationBuilder conventions) => conventions.Properties<AccessLevel>().HaveConversion<LevelText>();

    private sealed class LevelText() : Microsoft.EntityFrameworkCore.Storage.ValueConversion.ValueConverter<AccessLevel, string>(
        level => Levels.ToText(level), text => Levels.Parse(text)!.Value);
}
