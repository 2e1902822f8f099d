using Microsoft.EntityFrameworkCore;

namespace StreamSpace.Kernel;

/// <summary>The rows of one page.</summary>
/// <param name="Rows">In the asked order.</param>
/// <param name="Next">Cursor of the next page; null at the end.</param>
public readonly record struct Slice<TRow>(IReadOnlyList<TRow> Rows, string? Next);

/// <summary>Cuts pages out of queries.</summary>
public static class Slicing
{
    /// <summary>Reads one page. One row more than fits is read: it says that there is a next page.</summary>
    /// <param name="ordered">By the keys, and behind the cursor's already.</param>
    /// <param name="page">How many.</param>
    /// <param name="keys">What a row is ordered by, and what makes that unique; goes into the cursor.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<Slice<TRow>> SliceAsync<TRow>(this IQueryable<TRow> ordered, PageQuery page, Func<TRow, string[]> keys, CancellationToken ct)
    {
        var found = await ordered.Take(page.Size + 1).ToListAsync(ct);
        if (found.Count <= page.Size)
            return new(found, null);
        found.RemoveAt(page.Size);
        return new(found, Cursor.Write(keys(found[^1])));
    }
}
