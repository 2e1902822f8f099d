using Microsoft.Extensions.Options;
using StreamSpace.Kernel;

namespace StreamSpace.Sessions;

/// <summary>Checks what annotations cannot say, at start, all at once.</summary>
internal sealed class SessionsOptionsRules : IValidateOptions<SessionsOptions>
{
    public ValidateOptionsResult Validate(string? name, SessionsOptions options)
    {
        var problems = new List<string>();
        Span(nameof(options.IdleTimeout), options.IdleTimeout);
        Span(nameof(options.FreezeAfter), options.FreezeAfter);
        Span(nameof(options.MaxDuration), options.MaxDuration);
        Span(nameof(options.WarnBefore), options.WarnBefore);
        Cpu(nameof(options.CpuPerUser), options.CpuPerUser);
        Cpu(nameof(options.MaxCpu), options.MaxCpu);
        Size(nameof(options.MemoryPerUser), options.MemoryPerUser);
        Size(nameof(options.MaxMemory), options.MaxMemory);
        Size(nameof(options.MaxStorage), options.MaxStorage);
        foreach (var (runtime, capacity) in options.Capacity)
        {
            Cpu($"Capacity:{runtime}:Cpu", capacity.Cpu);
            Size($"Capacity:{runtime}:Memory", capacity.Memory);
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);

        void Span(string field, string text)
        {
            if (!Duration.TryParse(text, out _))
                problems.Add($"Sessions:{field} is \"{text}\"; it must be a duration like 30m or 8h.");
        }

        void Cpu(string field, string text)
        {
            if (text is not ("" or "0") && !Quantity.TryMillicores(text, out _))
                problems.Add($"Sessions:{field} is \"{text}\"; it must be CPU like 500m or 2, or empty for no limit.");
        }

        void Size(string field, string text)
        {
            if (text is not ("" or "0") && !Quantity.TryBytes(text, out _))
                problems.Add($"Sessions:{field} is \"{text}\"; it must be a size like 512Mi or 2Gi, or empty for no limit.");
        }
    }
}
