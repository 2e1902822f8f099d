using Microsoft.Extensions.Options;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Contracts.Templates;
using StreamSpace.Kernel;

namespace StreamSpace.Sessions;

/// <summary>Other limits of CPU and memory for a session that exists: the strictest of wish, template and platform.</summary>
internal sealed class ChangeLimits(ITemplateLookup templates, RuntimeRegistry runtimes, CapacityLimits rooms, IOptions<SessionsOptions> options, AuditScope audit)
{
    /// <summary>What was asked for, once it could be read.</summary>
    public sealed record Wish(int? Cpu, long? Memory, long? Storage)
    {
        public bool IsEmpty => Cpu is null && Memory is null && Storage is null;
    }

    public static Wish Read(LaunchResources? asked, List<FieldIssue> issues) => new(
        LaunchRules.Cpu(asked?.Cpu, issues), LaunchRules.Size("resources.memory", asked?.Memory, 64L << 20, issues), LaunchRules.Size("resources.storage", asked?.Storage, 1L << 20, issues));

    /// <summary>Records the wish; false when nothing changes.</summary>
    public Result<bool> Apply(Session session, Wish wish)
    {
        if (wish.IsEmpty)
            return false;
        var health = runtimes.HealthOf(session.Runtime);
        if (wish.Storage is not null && health is not { Available: true, Capabilities.StorageLimit: true })
            return Failure.Field("resources.storage", $"cannot be changed: the runtime {session.Runtime} does not limit storage.");
        var from = new Dictionary<string, string>(session.LimitsFrom, StringComparer.Ordinal);
        var granted = Limits.Resources(templates.Find(session.Template), wish, (session.CpuMillicores, session.MemoryBytes, session.StorageBytes), options.Value, from);
        var room = rooms.Of(session.Runtime);
        if (room.CpuMillicores > 0 && granted.Cpu > Math.Max(room.CpuMillicores, session.CpuMillicores))
            return SessionFailures.TooBig(session.Runtime, "cpu", Quantity.Millicores(room.CpuMillicores));
        if (room.MemoryBytes > 0 && granted.Memory > Math.Max(room.MemoryBytes, session.MemoryBytes))
            return SessionFailures.TooBig(session.Runtime, "memory", Quantity.Bytes(room.MemoryBytes));
        audit.Changed("resources.cpu", Quantity.Millicores(session.CpuMillicores), Quantity.Millicores(granted.Cpu));
        audit.Changed("resources.memory", Quantity.Bytes(session.MemoryBytes), Quantity.Bytes(granted.Memory));
        audit.Changed("resources.storage", Quantity.Bytes(session.StorageBytes), Quantity.Bytes(granted.Storage));
        return session.Relimit(granted.Cpu, granted.Memory, granted.Storage, from);
    }
}
