using StreamSpace.Contracts;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;

namespace StreamSpace.Sessions;

/// <summary>A session, as the API answers it.</summary>
public sealed record SessionAnswer(
    SessionId Id, string Name, PersonAnswer Owner, Guid? TeamId, SessionTemplateAnswer Template, string Runtime, SessionWish State, SessionPhase Phase, string? Reason, string? Message,
    LaunchNow? Progress, int? QueuePosition, ResourcesAnswer Resources, IReadOnlyDictionary<string, string> LimitsFrom, LimitsState LimitsState, DisplayAnswer Display, bool PersistentHome, bool Network,
    string IdleTimeout, string FreezeAfter, string MaxDuration, bool KeepAwake, IReadOnlyList<string> Tags, IReadOnlyDictionary<string, string> Env, string Geometry,
    int Viewers, DateTimeOffset? LastActivityAt, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? FrozenAt, DateTimeOffset? HibernatedAt,
    DateTimeOffset? TerminatedAt, DateTimeOffset? ExpiresAt, int RestartCount, IReadOnlyDictionary<string, long> Timings, SessionCountersAnswer Counters, SessionRightsAnswer Permissions, string? LaunchReason, SessionShareAnswer? Share);

/// <summary>A person, briefly.</summary>
public sealed record PersonAnswer(UserId Id, string Username, string DisplayName);

/// <summary>The template a session is pinned to.</summary>
public sealed record SessionTemplateAnswer(string Name, string Version, string DisplayName, string? IconUrl, string Category);

/// <summary>What a session may use.</summary>
public sealed record ResourcesAnswer(string Cpu, string Memory, string Storage);

/// <summary>How its picture is reached.</summary>
public sealed record DisplayAnswer(string Protocol);

/// <summary>How often it slept, at whose wish, and what that saved.</summary>
public sealed record SessionCountersAnswer(int ManualFreezes, int IdleFreezes, int ManualHibernations, int IdleHibernations, double SavedCpuHours, double SavedMemoryGibHours);

/// <summary>What the caller may do with it.</summary>
/// <param name="View">Know of it.</param>
/// <param name="Control">Its display at level control.</param>
/// <param name="Manage">Change and end it, and share it.</param>
/// <param name="Level">On its display: <c>view</c>, <c>collaborate</c> or <c>control</c>; null: not look at it.</param>
public sealed record SessionRightsAnswer(bool View, bool Control, bool Manage, string? Level);

/// <summary>What the caller was given, where somebody else's session is shared with them. Its settings stay its owner's: the answer's <c>env</c> is empty then, <c>launch_reason</c> null.</summary>
/// <param name="Id">The share; deleting it leaves the session.</param>
/// <param name="Level">What the caller may do with the display.</param>
/// <param name="Since">Since when.</param>
/// <param name="ExpiresAt">When it ends by itself; null: when somebody ends it.</param>
/// <param name="Note">What the owner said; null for nothing.</param>
/// <param name="Recorded">The session's display is being recorded now.</param>
public sealed record SessionShareAnswer(ShareId Id, AccessLevel Level, DateTimeOffset Since, DateTimeOffset? ExpiresAt, string? Note, bool Recorded);

/// <summary>Makes answers out of rows.</summary>
internal static class SessionMapping
{
    public static SessionAnswer ToAnswer(this Session s, Rights rights, int viewers, DateTimeOffset? lastActivity, bool recorded) => new(
        s.Id, s.Name, new(s.OwnerId, s.OwnerName, s.OwnerTitle), s.TeamId, new(s.Template, s.TemplateVersion, s.TemplateTitle, $"/api/v1/templates/{s.Template}/icon", s.Category),
        s.Runtime, s.Wanted, s.Phase, s.Reason, s.Message, s.Progress, s.QueuePosition,
        new(Quantity.Millicores(s.CpuMillicores), Quantity.Bytes(s.MemoryBytes), Quantity.Bytes(s.StorageBytes)), s.LimitsFrom, s.LimitsState, new(s.Protocol), s.PersistentHome, s.Network,
        Duration.Write(s.IdleTimeout), Duration.Write(s.FreezeAfter), Duration.Write(s.MaxDuration), s.KeepAwake, s.Tags, rights.Story ? s.Env : Nothing, $"{s.Width}x{s.Height}",
        viewers, lastActivity, s.CreatedAt, s.StartedAt, s.FrozenAt, s.HibernatedAt, s.TerminatedAt, s.ExpiresAt, s.RestartCount, s.Timings,
        new(s.ManualFreezes, s.IdleFreezes, s.ManualHibernations, s.IdleHibernations, Math.Round(s.SavedCpuHours, 4), Math.Round(s.SavedMemoryHours, 4)),
        new(rights.View, rights.Level == AccessLevel.Control, rights.Manage, rights.Level is { } level ? Wire.Name(level) : null),
        rights.Story ? s.LaunchReason : null,
        rights.Grant is { } given ? new(given.Share, given.Level, given.Since, given.Until, given.Note, recorded) : null);

    private static readonly Dictionary<string, string> Nothing = [];
}
