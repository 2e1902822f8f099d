using StreamSpace.Contracts.Runtimes;

namespace StreamSpace.Contracts.Templates;

/// <summary>Answers what a template is, for launching it. In memory: costs nothing. Answered by the Templates module.</summary>
public interface ITemplateLookup
{
    /// <summary>The template of that name; null when there is none.</summary>
    TemplateFacts? Find(string name);
}

/// <summary>A template, as a launch needs to know it.</summary>
/// <param name="Name">Its DNS label: <c>firefox</c>.</param>
/// <param name="Version">The version a session is pinned to.</param>
/// <param name="DisplayName">What people call it.</param>
/// <param name="Category">For example <c>Browsers</c>.</param>
/// <param name="Protocol">Display protocol: <c>rfb</c>.</param>
/// <param name="Application">How it starts on each runtime.</param>
/// <param name="Runtimes">The runtimes it may run on; empty for all.</param>
/// <param name="Resources">What a session gets when the launch asks for nothing else.</param>
/// <param name="Most">The most a launch may ask for; null where the template sets no limit.</param>
/// <param name="Environment">Environment variables of each session.</param>
/// <param name="Width">Initial picture width.</param>
/// <param name="Height">Initial picture height.</param>
/// <param name="IdleTimeout">Hibernate after this long without activity; null for the platform's.</param>
/// <param name="FreezeAfter">Freeze after this long without activity; null for the platform's.</param>
/// <param name="MaxDuration">End this long after the start; null for the platform's.</param>
/// <param name="CpuThresholdPercent">CPU use, in percent of one core, from which a session counts as active.</param>
public sealed record TemplateFacts(
    string Name, string Version, string DisplayName, string Category, string Protocol, Application Application, IReadOnlyList<string> Runtimes,
    ResourceLimits Resources, TemplateMost Most, IReadOnlyDictionary<string, string> Environment, int Width, int Height,
    TimeSpan? IdleTimeout, TimeSpan? FreezeAfter, TimeSpan? MaxDuration, int CpuThresholdPercent);

/// <summary>Upper limits of a template.</summary>
/// <param name="CpuMillicores">1000 is one core; null for no limit.</param>
/// <param name="MemoryBytes">Null for no limit.</param>
/// <param name="StorageBytes">Null for no limit.</param>
public sealed record TemplateMost(int? CpuMillicores, long? MemoryBytes, long? StorageBytes);
