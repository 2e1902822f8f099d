using Microsoft.Extensions.Options;
using StreamSpace.Contracts.Templates;
using StreamSpace.Kernel;

namespace StreamSpace.Sessions;

/// <summary>What a session may use, and who decided each of it.</summary>
internal sealed record Granted(int CpuMillicores, long MemoryBytes, long StorageBytes, TimeSpan IdleTimeout, TimeSpan FreezeAfter, TimeSpan MaxDuration, Dictionary<string, string> From);

/// <summary>How long a session may rest and live, and who decided each of it.</summary>
internal sealed record GrantedTimes((TimeSpan Value, string Source) Idle, (TimeSpan Value, string Source) Freeze, (TimeSpan Value, string Source) Duration);

/// <summary>Settles limits that come from several places: the strictest wins, and its source is named.</summary>
internal sealed class Limits(IOptions<SessionsOptions> options)
{
    public Granted Settle(TemplateFacts template, int? cpu, long? memory, long? storage, TimeSpan? idle, TimeSpan? freeze, TimeSpan? duration)
    {
        var platform = options.Value;
        var from = new Dictionary<string, string>(StringComparer.Ordinal);
        var times = Times(template, idle, freeze, duration, platform);
        return new(
            Strictest("cpu", cpu, template.Resources.CpuMillicores, template.Most.CpuMillicores, Quantity.TryMillicores(platform.MaxCpu, out var maxCpu) ? maxCpu : null, from),
            Strictest("memory", memory, template.Resources.MemoryBytes, template.Most.MemoryBytes, Quantity.TryBytes(platform.MaxMemory, out var maxMemory) ? maxMemory : null, from),
            Strictest("storage", storage, template.Resources.StorageBytes, template.Most.StorageBytes, Quantity.TryBytes(platform.MaxStorage, out var maxStorage) ? maxStorage : null, from),
            Named("idle_timeout", times.Idle, from), Named("freeze_after", times.Freeze, from), Named("max_duration", times.Duration, from),
            from);
    }

    /// <summary>CPU, memory and storage alone, for a session that exists; what is not wished for stays as it is. A template that is gone limits nothing.</summary>
    public static (int Cpu, long Memory, long Storage) Resources(TemplateFacts? template, ChangeLimits.Wish wish, (int Cpu, long Memory, long Storage) now, SessionsOptions platform, Dictionary<string, string> from) => (
        wish.Cpu is null ? now.Cpu : Strictest("cpu", wish.Cpu, now.Cpu, template?.Most.CpuMillicores, Quantity.TryMillicores(platform.MaxCpu, out var maxCpu) ? maxCpu : null, from),
        wish.Memory is null ? now.Memory : Strictest("memory", wish.Memory, now.Memory, template?.Most.MemoryBytes, Quantity.TryBytes(platform.MaxMemory, out var maxMemory) ? maxMemory : null, from),
        wish.Storage is null ? now.Storage : Strictest("storage", wish.Storage, now.Storage, template?.Most.StorageBytes, Quantity.TryBytes(platform.MaxStorage, out var maxStorage) ? maxStorage : null, from));

    /// <summary>The times alone, for a session that exists.</summary>
    public static GrantedTimes Times(TemplateFacts? template, TimeSpan? idle, TimeSpan? freeze, TimeSpan? duration, SessionsOptions platform) => new(
        Shortest(idle, template?.IdleTimeout, platform.IdleTimeout), Shortest(freeze, template?.FreezeAfter, platform.FreezeAfter), Shortest(duration, template?.MaxDuration, platform.MaxDuration));

    /// <summary>A wished value (or the template's) under the template's and the platform's ceilings.</summary>
    private static T Strictest<T>(string name, T? wished, T usual, T? templateMost, T? platformMost, Dictionary<string, string> from) where T : struct, IComparable<T>
    {
        var (value, source) = wished is { } asked ? (asked, "request") : (usual, "template");
        if (templateMost is { } first && value.CompareTo(first) > 0)
            (value, source) = (first, "template");
        if (platformMost is { } second && value.CompareTo(second) > 0)
            (value, source) = (second, "platform");
        from[name] = source;
        return value;
    }

    // Times have no usual value beside the limit: the shortest of request, template and platform holds.
    private static (TimeSpan Value, string Source) Shortest(TimeSpan? wished, TimeSpan? template, string platform)
    {
        var shortest = (Value: Duration.TryParse(platform, out var ours) ? ours : TimeSpan.FromHours(8), Source: "platform");
        if (template < shortest.Value)
            shortest = (template.Value, "template");
        if (wished < shortest.Value)
            shortest = (wished.Value, "request");
        return shortest;
    }

    private static TimeSpan Named(string name, (TimeSpan Value, string Source) time, Dictionary<string, string> from)
    {
        from[name] = time.Source;
        return time.Value;
    }
}
