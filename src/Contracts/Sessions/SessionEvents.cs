using System.Text.Json.Serialization;

namespace StreamSpace.Contracts.Sessions;

/// <summary>A session was accepted.</summary>
/// <param name="Now">The session.</param>
/// <param name="LaunchReason">Why, in the owner's words; null when nothing was said.</param>
[Event("session.created", "A session was accepted.")]
public sealed record SessionCreated(SessionNow Now, string? LaunchReason = null) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"session:{Now.Id}";

    /// <inheritdoc/>
    public UserId? Concerns => Now.Owner;
}

/// <summary>A session's processes came up, for the first time or again.</summary>
/// <param name="Now">The session.</param>
/// <param name="Generation">Counts the starts of its processes.</param>
/// <param name="TookMs">Milliseconds from the beginning of the launch to a display that answers.</param>
/// <param name="From"><c>launch</c>, <c>hibernated</c>, <c>restart</c> or <c>adopted</c>.</param>
[Event("session.started", "A session's processes came up, for the first time or again.")]
public sealed record SessionStarted(SessionNow Now, int Generation, long TookMs, string From) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"session:{Now.Id}";

    /// <inheritdoc/>
    public UserId? Concerns => Now.Owner;
}

/// <summary>A session's processes went.</summary>
/// <param name="Now">The session.</param>
/// <param name="Cause"><c>hibernated</c>, <c>restart</c>, <c>ended</c> or <c>failed</c>.</param>
[Event("session.stopped", "A session's processes went.")]
public sealed record SessionStopped(SessionNow Now, string Cause) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"session:{Now.Id}";

    /// <inheritdoc/>
    public UserId? Concerns => Now.Owner;
}

/// <summary>A session's settings or its wanted state changed.</summary>
/// <param name="Now">The session.</param>
/// <param name="Fields">Names of the changed fields.</param>
[Event("session.updated", "A session's settings or its wanted state changed.")]
public sealed record SessionUpdated(SessionNow Now, IReadOnlyList<string> Fields) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"session:{Now.Id}";

    /// <inheritdoc/>
    public UserId? Concerns => Now.Owner;
}

/// <summary>A session was ended.</summary>
/// <param name="Now">The session.</param>
/// <param name="Cause"><c>manual</c> or <c>expired</c>.</param>
[Event("session.deleted", "A session was ended.")]
public sealed record SessionDeleted(SessionNow Now, string Cause) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"session:{Now.Id}";

    /// <inheritdoc/>
    public UserId? Concerns => Now.Owner;
}

/// <summary>A session's phase changed.</summary>
/// <param name="Now">The session.</param>
/// <param name="Before">The phase it had.</param>
[Event("session.state.changed", "A session's phase changed.", RealtimeOnly = true)]
public sealed record SessionStateChanged(SessionNow Now, SessionPhase Before) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"session:{Now.Id}";

    /// <inheritdoc/>
    public UserId? Concerns => Now.Owner;
}

/// <summary>A launch went on by a step or some percent.</summary>
/// <param name="Now">The session.</param>
[Event("session.progress", "A launch went on by a step or some percent.", RealtimeOnly = true)]
public sealed record SessionProgressed(SessionNow Now) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"session:{Now.Id}";

    /// <inheritdoc/>
    public UserId? Concerns => Now.Owner;
}

/// <summary>A session's processes were paused.</summary>
/// <param name="Now">The session.</param>
/// <param name="Cause"><c>manual</c> or <c>idle</c>.</param>
[Event("session.frozen", "A session's processes were paused.")]
public sealed record SessionFrozen(SessionNow Now, string Cause) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"session:{Now.Id}";

    /// <inheritdoc/>
    public UserId? Concerns => Now.Owner;
}

/// <summary>A frozen session goes on.</summary>
/// <param name="Now">The session.</param>
/// <param name="FrozenMs">How long it was frozen, in milliseconds.</param>
[Event("session.thawed", "A frozen session goes on.")]
public sealed record SessionThawed(SessionNow Now, long FrozenMs) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"session:{Now.Id}";

    /// <inheritdoc/>
    public UserId? Concerns => Now.Owner;
}

/// <summary>A session's processes were ended and its home kept.</summary>
/// <param name="Now">The session.</param>
/// <param name="Cause"><c>manual</c>, <c>idle</c>, <c>schedule</c> or <c>policy</c>.</param>
[Event("session.hibernated", "A session's processes were ended and its home kept.")]
public sealed record SessionHibernated(SessionNow Now, string Cause) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"session:{Now.Id}";

    /// <inheritdoc/>
    public UserId? Concerns => Now.Owner;
}

/// <summary>A frozen or hibernated session runs again.</summary>
/// <param name="Now">The session.</param>
/// <param name="From"><c>frozen</c> or <c>hibernated</c>.</param>
[Event("session.woken", "A frozen or hibernated session runs again.", Aliases = "session.awakened")]
public sealed record SessionWoken(SessionNow Now, string From) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"session:{Now.Id}";

    /// <inheritdoc/>
    public UserId? Concerns => Now.Owner;
}

/// <summary>A session will soon be frozen, hibernated or ended unless somebody uses it.</summary>
/// <param name="Now">The session.</param>
/// <param name="Action"><c>freeze</c>, <c>hibernate</c> or <c>terminate</c>.</param>
/// <param name="At">When.</param>
[Event("session.idle", "A session will soon be frozen, hibernated or ended unless somebody uses it.", RealtimeOnly = true)]
public sealed record SessionIdled(SessionNow Now, string Action, DateTimeOffset At) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"session:{Now.Id}";

    /// <inheritdoc/>
    public UserId? Concerns => Now.Owner;
}

/// <summary>A session that was warned of idleness is used again.</summary>
/// <param name="Now">The session.</param>
/// <param name="Kind">What was seen: <c>input</c>, <c>heartbeat</c>, <c>terminal</c>, <c>file</c>, <c>cpu</c>, <c>picture</c>, <c>connect</c>.</param>
[Event("session.active", "A session that was warned of idleness is used again.", RealtimeOnly = true)]
public sealed record SessionActivated(SessionNow Now, string Kind) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"session:{Now.Id}";

    /// <inheritdoc/>
    public UserId? Concerns => Now.Owner;
}

/// <summary>A client told that it still uses a session.</summary>
/// <param name="Now">The session.</param>
/// <param name="User">Who.</param>
[Event("session.heartbeat", "A client told that it still uses a session.", RealtimeOnly = true)]
public sealed record SessionHeartbeat(SessionNow Now, UserId User) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"session:{Now.Id}";

    /// <inheritdoc/>
    public UserId? Concerns => Now.Owner;
}

/// <summary>A usage sample of a watched session, or new limits.</summary>
/// <param name="Now">The session.</param>
/// <param name="CpuPercent">Percent of one core; null when only limits changed.</param>
/// <param name="MemoryBytes">Memory held; null when only limits changed.</param>
/// <param name="Resources">The new limits; left out of a usage sample, so that it takes none away.</param>
[Event("session.resources.updated", "A usage sample of a watched session, or new limits.")]
public sealed record SessionResourcesUpdated(SessionNow Now, double? CpuPercent, long? MemoryBytes, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] LimitsNow? Resources = null) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"session:{Now.Id}";

    /// <inheritdoc/>
    public UserId? Concerns => Now.Owner;
}

/// <summary>What a session may use, as the API writes it.</summary>
/// <param name="Cpu"><c>1500m</c>.</param>
/// <param name="Memory"><c>2Gi</c>.</param>
/// <param name="Storage"><c>10Gi</c>.</param>
public sealed record LimitsNow(string Cpu, string Memory, string Storage);

/// <summary>A session's tags changed.</summary>
/// <param name="Now">The session.</param>
[Event("session.tags.updated", "A session's tags changed.")]
public sealed record SessionTagsUpdated(SessionNow Now) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"session:{Now.Id}";

    /// <inheritdoc/>
    public UserId? Concerns => Now.Owner;
}

/// <summary>A session failed, lost a program to its memory limit, or was refused new processes by its limit on them.</summary>
/// <param name="Now">The session.</param>
/// <param name="Code">Stable reason code.</param>
/// <param name="Text">A sentence for a person.</param>
/// <param name="Fatal">False when the session lives on.</param>
/// <param name="Program">Name of the killed program; null when unknown.</param>
[Event("session.error", "A session failed, lost a program to its memory limit, or was refused new processes by its limit on them.")]
public sealed record SessionFailed(SessionNow Now, string Code, string Text, bool Fatal, string? Program) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"session:{Now.Id}";

    /// <inheritdoc/>
    public UserId? Concerns => Now.Owner;
}

/// <summary>Somebody wrote a line of their own into a session's history.</summary>
/// <param name="Now">The session.</param>
/// <param name="Kind">What it is called: <c>note.deploy</c>.</param>
/// <param name="Category">One of the history's categories.</param>
/// <param name="Text">A sentence for a person.</param>
/// <param name="Details">Further values as JSON text; null for none.</param>
[Event("session.activity.logged", "Somebody wrote a line of their own into a session's history.")]
public sealed record SessionActivityLogged(SessionNow Now, string Kind, string Category, string Text, string? Details) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"session:{Now.Id}";

    /// <inheritdoc/>
    public UserId? Concerns => Now.Owner;
}
