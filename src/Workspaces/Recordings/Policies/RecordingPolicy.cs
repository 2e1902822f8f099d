using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Kernel;
using StreamSpace.Recordings.Library;

namespace StreamSpace.Recordings.Policies;

/// <summary>Whom a policy is for.</summary>
/// <param name="All">Every session; the lists are not looked at then.</param>
/// <param name="Users">User names of owners.</param>
/// <param name="Templates">Names of templates.</param>
internal sealed record PolicyScope(bool All, IReadOnlyList<string> Users, IReadOnlyList<string> Templates)
{
    public bool Covers(string owner, string template) =>
        All || Users.Contains(owner, StringComparer.OrdinalIgnoreCase) || Templates.Contains(template, StringComparer.Ordinal);
}

/// <summary>Says which sessions are recorded from their start, and what holds for their recordings.</summary>
internal sealed class RecordingPolicy
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public string Name { get; private set; } = "";

    public int Priority { get; private set; }

    public bool Enabled { get; private set; }

    public PolicyScope ApplyTo { get; private set; } = new(false, [], []);

    public int FramesPerSecond { get; private set; }

    public int RetentionDays { get; private set; }

    public bool AllowUserPlayback { get; private set; }

    public bool AllowUserDownload { get; private set; }

    public bool RequireReason { get; private set; }

    public bool Silent { get; private set; }

    public bool RequireApproval { get; private set; }

    public bool NotifyOnRecording { get; private set; }

    public IReadOnlyList<PolicyWindow> Windows { get; private set; } = [];

    public string TimeZone { get; private set; } = "UTC";

    /// <summary>Counts changes; the ETag.</summary>
    public int Version { get; private set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public RecordingTerms Terms => new(FramesPerSecond, RetentionDays, AllowUserPlayback, AllowUserDownload, Silent, RequireReason, Name, RequireApproval, NotifyOnRecording);

    /// <summary>The policy that counts for a session; null when none does.</summary>
    public static async Task<RecordingPolicy?> ForAsync(RecordingsDb db, string owner, string template, DateTimeOffset now, CancellationToken ct) =>
        For(await OpenAsync(db, now, ct), owner, template);

    /// <summary>The policies in force at a time, the highest priority first.</summary>
    public static async Task<IReadOnlyList<RecordingPolicy>> OpenAsync(RecordingsDb db, DateTimeOffset now, CancellationToken ct) =>
        [.. (await db.Policies.AsNoTracking().Where(p => p.Enabled).OrderByDescending(p => p.Priority).ThenBy(p => p.Id).ToListAsync(ct)).Where(p => p.Holds(now))];

    /// <summary>The first of them that is for a session; null when none is.</summary>
    public static RecordingPolicy? For(IReadOnlyList<RecordingPolicy> open, string owner, string template) => open.FirstOrDefault(p => p.ApplyTo.Covers(owner, template));

    /// <summary>Whether one of its windows is open; a policy without any always counts. A zone that this machine does not know any more counts as UTC.</summary>
    public bool Holds(DateTimeOffset now)
    {
        if (Windows.Count == 0)
            return true;
        var local = TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out var zone) ? TimeZoneInfo.ConvertTime(now, zone) : now.ToUniversalTime();
        return Windows.Any(w => w.Holds(local.DateTime));
    }

    /// <summary>Replaces everything; a policy that would be for nobody is refused.</summary>
    public Failure? Change(PolicyWish wish, AuditScope audit, DateTimeOffset now)
    {
        string[] users = [.. (wish.ApplyTo.Users ?? []).Select(u => u.Trim()).Where(u => u.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase)];
        string[] templates = [.. (wish.ApplyTo.Templates ?? []).Select(t => t.Trim()).Where(t => t.Length > 0).Distinct(StringComparer.Ordinal)];
        if (!wish.ApplyTo.All && users.Length + templates.Length == 0)
            return Failure.Field("apply_to", "must name users or templates, or say all.");
        if (wish.AllowUserDownload && !wish.AllowUserPlayback)
            return Failure.Field("allow_user_download", "needs allow_user_playback: who may download may also play.");
        if (wish.Silent && wish.AllowUserPlayback)
            return Failure.Field("allow_user_playback", "cannot be, when the recording is silent: the owner does not know of it.");
        if (wish.Silent && wish.NotifyOnRecording)
            return Failure.Field("notify_on_recording", "cannot be, when the recording is silent: the owner does not know of it.");
        if (PolicyWindow.Check(wish.Windows ?? [], wish.TimeZone) is { } wrong)
            return wrong;
        audit.Changed("require_approval", RequireApproval, wish.RequireApproval);
        audit.Changed("windows", JsonSerializer.Serialize(Windows, Json.Options), JsonSerializer.Serialize(wish.Windows ?? [], Json.Options));
        audit.Changed("name", Name, wish.Name);
        audit.Changed("enabled", Enabled, wish.Enabled);
        audit.Changed("silent", Silent, wish.Silent);
        (Name, Priority, Enabled, ApplyTo) = (wish.Name.Trim(), wish.Priority, wish.Enabled, new(wish.ApplyTo.All, users, templates));
        (FramesPerSecond, RetentionDays) = (wish.FramesPerSecond, wish.RetentionDays);
        (AllowUserPlayback, AllowUserDownload, RequireReason, Silent, UpdatedAt) = (wish.AllowUserPlayback, wish.AllowUserDownload, wish.RequireReason, wish.Silent, now);
        (RequireApproval, NotifyOnRecording, Windows, TimeZone, Version) = (wish.RequireApproval, wish.NotifyOnRecording, wish.Windows ?? [], wish.TimeZone, Version + 1);
        return null;
    }
}
