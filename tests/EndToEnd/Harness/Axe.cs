using System.Text.Json;
using Microsoft.Playwright;

namespace StreamSpace.EndToEnd.Tests.Harness;

/// <summary>Runs axe-core in the page, with the rules of WCAG 2.2 AA.</summary>
internal static class Axe
{
    public static async Task<IReadOnlyList<string>> ViolationsAsync(IPage page)
    {
        await page.EvaluateAsync(Checkout.Axe);
        var result = await page.EvaluateAsync<JsonElement>(
            """
            async () => {
              const found = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'] });
              return found.violations.map(v => `${v.id}: ${v.help} (${v.nodes.slice(0, 3).map(n => n.target.join(' ')).join('; ')})`);
            }
            """);
        return [.. result.EnumerateArray().Select(e => e.GetString()!)];
    }
}
