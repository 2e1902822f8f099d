using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Dlp;
using StreamSpace.Kernel;

namespace StreamSpace.Dlp;

internal sealed class DlpDb(DbContextOptions<DlpDb> options) : ModuleDb(options)
{
    public override string Schema => "dlp";

    public DbSet<Policy> Policies => Set<Policy>();

    public DbSet<Incident> Incidents => Set<Incident>();

    public DbSet<Approval> Approvals => Set<Approval>();

    /// <summary>Policies that count at a moment; an exception ends by the clock.</summary>
    public Task<List<Policy>> CountingAsync(DateTimeOffset now, CancellationToken ct) =>
        Policies.AsNoTracking().Where(p => p.Enabled && (p.ExpiresAt == null || p.ExpiresAt > now)).ToListAsync(ct);

    /// <summary>One approval, locked until the transaction ends: of two who decide at once, the second sees what the first did.</summary>
    public Task<Approval?> LockedAsync(LaunchApprovalId id, CancellationToken ct) =>
        Approvals.FromSql($"select * from dlp.approvals where id = {id.Value} for update").SingleOrDefaultAsync(ct);

    protected override void Conventions(ModelConfigurationBuilder conventions)
    {
        conventions.Properties<DlpSeverity>().HaveConversion<Lower<DlpSeverity>>();
        conventions.Properties<IncidentOutcome>().HaveConversion<Lower<IncidentOutcome>>();
        conventions.Properties<DlpChannel>().HaveConversion<Lower<DlpChannel>>();
        conventions.Properties<IncidentReason>().HaveConversion<Lower<IncidentReason>>();
        conventions.Properties<IncidentStatus>().HaveConversion<Lower<IncidentStatus>>();
        conventions.Properties<PolicyKind>().HaveConversion<Lower<PolicyKind>>();
        conventions.Properties<ApprovalStatus>().HaveConversion<Lower<ApprovalStatus>>();
        conventions.Properties<PolicyRules>().HaveConversion<RulesText>();
    }

    protected override void Describe(ModelBuilder model)
    {
        model.Entity<Policy>(policy =>
        {
            policy.Property(p => p.Rules).HasColumnType("jsonb");
            policy.Property(p => p.Version).IsConcurrencyToken();
        });
        model.Entity<Incident>().Property(i => i.Id).ValueGeneratedNever();
        model.Entity<Approval>().Property(a => a.Id).ValueGeneratedNever();
    }

    private sealed class RulesText() : ValueConverter<PolicyRules, string>(
        rules => JsonSerializer.Serialize(rules, Json.EventOptions), text => JsonSerializer.Deserialize<PolicyRules>(text, Json.EventOptions)!);

    /// <summary>Enumerations are stored as the API writes them: <c>clipboard_in</c>.</summary>
    private sealed class Lower<TEnum>() : ValueConverter<TEnum, string>(value => Words.Of(value), text => Read(text)) where TEnum : struct, Enum
    {
        private static readonly Dictionary<string, TEnum> Values = Enum.GetValues<TEnum>().ToDictionary(v => Words.Of(v), StringComparer.Ordinal);

        private static TEnum Read(string text) => Values[text];
    }
}
