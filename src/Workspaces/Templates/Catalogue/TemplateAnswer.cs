using StreamSpace.Contracts.Runtimes;
using StreamSpace.Kernel;

namespace StreamSpace.Templates;

/// <summary>A template, as the API answers it.</summary>
public sealed record TemplateAnswer(
    string Name, string Version, string DisplayName, string Description, string Category, IReadOnlyList<string> Tags, string IconUrl, string Protocol, TemplateResourcesAnswer Resources,
    string? IdleTimeout, string? FreezeAfter, string? MaxDuration, string Geometry, IReadOnlyList<TemplateRuntimeAnswer> Runtimes, bool Favourite, DateTimeOffset? LastUsedAt, long Launches, long? StartMs);

/// <summary>What a session of it gets.</summary>
public sealed record TemplateResourcesAnswer(string Cpu, string Memory, string Storage);

/// <summary>Whether it can start on one runtime.</summary>
public sealed record TemplateRuntimeAnswer(string Name, ReadinessState State, IReadOnlyList<string> Missing, string? Remedy);

/// <summary>A category and how many templates it has.</summary>
public sealed record CategoryAnswer(string Name, int Count);

/// <summary>What one person and everybody did with a template.</summary>
internal sealed record TemplateStory(bool Favourite, DateTimeOffset? LastUsedAt, long Launches, long? StartMs);

/// <summary>Makes answers.</summary>
internal static class TemplateMapping
{
    public static TemplateAnswer ToAnswer(this Template template, TemplateStory story, ReadinessBoard board)
    {
        var facts = template.Facts;
        return new(
            facts.Name, facts.Version, facts.DisplayName, template.Description, facts.Category, template.Tags, $"/api/v1/templates/{facts.Name}/icon", facts.Protocol,
            new(Quantity.Millicores(facts.Resources.CpuMillicores), Quantity.Bytes(facts.Resources.MemoryBytes), Quantity.Bytes(facts.Resources.StorageBytes)),
            Text(facts.IdleTimeout), Text(facts.FreezeAfter), Text(facts.MaxDuration), $"{facts.Width}x{facts.Height}",
            [.. board.Runtimes.Where(r => facts.Runtimes.Count == 0 || facts.Runtimes.Contains(r, StringComparer.Ordinal)).Select(r => Runtime(facts.Name, r, board))],
            story.Favourite, story.LastUsedAt, story.Launches, story.StartMs);
    }

    private static string? Text(TimeSpan? time) => time is { } span ? Duration.Write(span) : null;

    private static TemplateRuntimeAnswer Runtime(string template, string runtime, ReadinessBoard board)
    {
        var ready = board.Of(template, runtime);
        return new(runtime, ready.State, ready.Missing, ready.Remedy);
    }
}
