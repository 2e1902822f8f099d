using Microsoft.EntityFrameworkCore;
using StreamSpace.Kernel;

namespace StreamSpace.Dlp;

/// <summary>Tells of a virus scanner that does not answer, and of one that policies want and nobody set up.</summary>
internal sealed class ScannerHealth(ClamAv scanner, IDbContextFactory<DlpDb> databases) : IHealthPart
{
    public string Name => "virus_scanner";

    public bool IsUsed => scanner.IsSet;

    public async Task<string?> ProblemAsync(CancellationToken ct)
    {
        if (scanner.IsSet)
            return await scanner.ProblemAsync(ct) is { } problem ? $"ClamAV's daemon does not answer: {problem} Files that policies want scanned are blocked." : null;
        await using var db = await databases.CreateDbContextAsync(ct);
        var policies = await db.Policies.AsNoTracking().Where(p => p.Enabled).ToListAsync(ct);
        var wants = policies.FirstOrDefault(p => p.Rules.Upload?.Scan == true || p.Rules.Download?.Scan == true);
        return wants is null ? null : $"The policy “{wants.Name}” wants files scanned for viruses, and no scanner is set up; they are blocked. Set {ClamAvOptions.AddressSetting}.";
    }
}
