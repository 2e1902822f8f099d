using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts.Dlp;

namespace StreamSpace.Dlp;

/// <summary>How this module answers <see cref="IDataProtection"/>. Policies are read anew for each question: an answer kept here could be older than the event that asks for it.</summary>
internal sealed class DataProtection(IDbContextFactory<DlpDb> databases, ContentInspector inspector, IncidentWriter incidents, TimeProvider clock) : IDataProtection
{
    public async Task<IReadOnlyList<StreamPolicy?>> FindAsync(IReadOnlyList<PolicySubject> subjects, CancellationToken ct)
    {
        if (subjects.Count == 0)
            return [];
        await using var db = await databases.CreateDbContextAsync(ct);
        var policies = await db.CountingAsync(clock.GetUtcNow(), ct);
        return [.. subjects.Select(s => Evaluation.Of(policies, s))];
    }

    public ContentFinding? Inspect(IReadOnlyList<ContentRule> rules, string text) => inspector.First(rules, text);

    public void Report(StreamIncident incident) => incidents.Add(incident);
}
