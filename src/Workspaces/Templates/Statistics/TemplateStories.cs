using Microsoft.EntityFrameworkCore;
using StreamSpace.Kernel;

namespace StreamSpace.Templates;

/// <summary>What the caller and everybody did with templates, in three questions for the whole catalogue.</summary>
internal sealed class TemplateStories(TemplatesDb db, ICaller caller)
{
    private const string MediansSql =
        """
        select template as name, (percentile_cont(0.5) within group (order by ms))::bigint as value
        from (select template, ms, row_number() over (partition by template order by position desc) as age from templates.starts) recent
        where age <= 50 group by template
        """;

    public async Task<Func<string, TemplateStory>> ReadAsync(CancellationToken ct)
    {
        var me = caller.Id;
        var favourites = me is null ? [] : await db.Favourites.Where(f => f.UserId == me).Select(f => f.Template).ToHashSetAsync(StringComparer.Ordinal, ct);
        var mine = me is null ? [] : await db.Uses.Where(u => u.UserId == me).ToDictionaryAsync(u => u.Template, u => u.LastUsedAt, StringComparer.Ordinal, ct);
        var launches = await db.Uses.GroupBy(u => u.Template).Select(g => new { g.Key, Count = g.Sum(u => u.Launches) }).ToDictionaryAsync(g => g.Key, g => g.Count, StringComparer.Ordinal, ct);
        var medians = (await db.Database.SqlQueryRaw<Named>(MediansSql).ToListAsync(ct)).ToDictionary(n => n.Name, n => n.Value, StringComparer.Ordinal);
        return name => new(
            favourites.Contains(name), mine.TryGetValue(name, out var at) ? at : null, launches.GetValueOrDefault(name), medians.TryGetValue(name, out var median) ? median : null);
    }

    private sealed record Named(string Name, long Value);
}
