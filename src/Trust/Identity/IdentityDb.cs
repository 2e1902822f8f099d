using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using StreamSpace.Contracts.Identity;
using StreamSpace.Kernel;

namespace StreamSpace.Identity;

internal sealed class IdentityDb(DbContextOptions<IdentityDb> options) : ModuleDb(options)
{
    public override string Schema => "identity";

    public DbSet<User> Users => Set<User>();

    public DbSet<Login> Logins => Set<Login>();

    public DbSet<RefreshToken> RefreshTokens => Set<RefreshToken>();

    public DbSet<LoginFailures> LoginFailures => Set<LoginFailures>();

    public DbSet<SigningKey> SigningKeys => Set<SigningKey>();

    public DbSet<SharedSecret> SharedSecrets => Set<SharedSecret>();

    protected override void Conventions(ModelConfigurationBuilder conventions)
    {
        conventions.Properties<UserState>().HaveConversion<Lower<UserState>>();
        conventions.Properties<LoginEnd>().HaveConversion<Lower<LoginEnd>>();
    }

    protected override void Describe(ModelBuilder model)
    {
        model.Entity<User>(user =>
        {
            user.Property(u => u.Preferences).HasColumnType("jsonb");
            user.Property(u => u.Version).IsConcurrencyToken();
        });
        model.Entity<Login>().HasOne<User>().WithMany().HasForeignKey(l => l.UserId);
        model.Entity<RefreshToken>().HasKey(t => t.Hash);
        model.Entity<RefreshToken>().HasOne<Login>().WithMany().HasForeignKey(t => t.LoginId);
        model.Entity<LoginFailures>().HasKey(f => f.NameHash);
        model.Entity<SigningKey>().HasKey(k => k.Kid);
        model.Entity<SharedSecret>().HasKey(s => s.Name);
    }

    /// <summary>Enumerations are stored as the API writes them: <c>token_reused</c>.</summary>
    private sealed class Lower<TEnum>() : ValueConverter<TEnum, string>(value => Write(value), text => Read(text)) where TEnum : struct, Enum
    {
        private static readonly Dictionary<TEnum, string> Names = Enum.GetValues<TEnum>()
            .ToDictionary(v => v, v => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(v.ToString()));

        private static string Write(TEnum value) => Names[value];

        private static TEnum Read(string text) => Names.Single(n => n.Value == text).Key;
    }
}
