using Microsoft.EntityFrameworkCore;

namespace StreamSpace.Audit;

/// <summary>What verifying found.</summary>
/// <param name="Ok">True when nothing was changed, removed, added or moved.</param>
/// <param name="Checked">How many entries were recomputed.</param>
/// <param name="Days">One line per day, oldest first.</param>
/// <param name="Head">The newest hash, hexadecimal: noted elsewhere, it proves later that nothing up to here was rewritten.</param>
public sealed record ChainReport(bool Ok, long Checked, IReadOnlyList<ChainDayReport> Days, string? Head);

/// <summary>One day's part of the chain.</summary>
/// <param name="Day">The day, UTC.</param>
/// <param name="Ok">Whether it holds.</param>
/// <param name="Entries">How many entries the day has, or had.</param>
/// <param name="Forgotten">True when its entries are past retention; only its link in the chain was checked.</param>
/// <param name="Problem">What is wrong; null when nothing is.</param>
/// <param name="EntryId">The first entry that does not fit, where there is one.</param>
public sealed record ChainDayReport(DateOnly Day, bool Ok, long Entries, bool Forgotten, string? Problem, long? EntryId);

/// <summary>Walks the chain and recomputes it. Holds one entry in memory at a time.</summary>
internal sealed class ChainVerifier(IDbContextFactory<AuditDb> databases)
{
    /// <summary>Verifies the days from <paramref name="from"/> to <paramref name="to"/>, both included; null: from the first, to the last.</summary>
    public async Task<ChainReport> VerifyAsync(DateOnly? from, DateOnly? to, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        // Days and entries of one moment: what is appended meanwhile belongs to the next verification.
        await using var moment = await db.Database.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
        var days = await db.Days.AsNoTracking().OrderBy(d => d.Day).ToListAsync(ct);
        var reports = new List<ChainDayReport>();
        long count = 0;
        var previous = Chain.Root;
        foreach (var day in days)
        {
            if ((from is null || day.Day >= from) && (to is null || day.Day <= to))
            {
                var linked = day.Previous.AsSpan().SequenceEqual(previous);
                var (report, seen) = linked
                    ? await VerifyDayAsync(db, day, ct)
                    : (new ChainDayReport(day.Day, false, day.Entries, false, "does not stand on the day before", null), 0);
                reports.Add(report);
                count += seen;
            }

            previous = day.LastHash;
        }

        // Entries of days that the chain does not know can only have been put there by hand.
        var known = days.Select(d => d.Day).ToArray();
        if (await db.Entries.AsNoTracking().Where(e => !known.Contains(e.Day)).OrderBy(e => e.Id).FirstOrDefaultAsync(ct) is { } stray)
            reports.Add(new(stray.Day, false, 0, false, "entries stand outside the chain", stray.Id));
        return new(reports.TrueForAll(d => d.Ok), count, reports, days.Count == 0 ? null : Convert.ToHexStringLower(days[^1].LastHash));
    }

    private static async Task<(ChainDayReport Report, long Seen)> VerifyDayAsync(AuditDb db, ChainDay day, CancellationToken ct)
    {
        var hash = Chain.Begin(day);
        long seen = 0;
        await foreach (var entry in db.Entries.AsNoTracking().Where(e => e.Day == day.Day).OrderBy(e => e.Id).AsAsyncEnumerable().WithCancellation(ct))
        {
            seen++;
            hash = Chain.Next(hash, entry);
            if (!hash.AsSpan().SequenceEqual(entry.Hash))
                return (new(day.Day, false, day.Entries, false, "was changed, or something before it was removed or added", entry.Id), seen);
        }

        if (seen == 0 && day.ForgottenAt is not null)
            return (new(day.Day, true, day.Entries, true, null, null), 0);
        return seen == day.Entries && hash.AsSpan().SequenceEqual(day.LastHash)
            ? (new(day.Day, true, seen, false, null, null), seen)
            : (new(day.Day, false, day.Entries, false, $"{day.Entries - seen} entries are missing at the end", null), seen);
    }
}
