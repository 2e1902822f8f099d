using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Teams;
using StreamSpace.Kernel;
using StreamSpace.Recordings.Library;

namespace StreamSpace.Recordings.Policies;

/// <summary>Whom a policy is for.</summary>
/// <param name="All">Every session; the lists are not looked at then.</param>
/// <param name="Users">User names of owners.</param>
/// <param name="Templates">Names of templates.</param>
/// <param name="Teams">Teams of owners; null where the policy was made before there were teams.</param>
internal sealed record PolicyScope(bool All, IReadOnlyList<string> Users, IReadOnlyList<string> Templates, IReadOnlyList<TeamId>? Teams = null)
{
    public bool Covers(PolicyTarget session, IReadOnlyList<TeamId> ownersTeams) =>
        All || Users.Contains(session.OwnerName, StringComparer.OrdinalIgnoreCase) || Templates.Contains(session.Template, StringComparer.Ordinal) || (Teams ?? []).Any(ownersTeams.Contains);
}

/// <summary>What policies ask of a session.</summary>
internal readonly record struct PolicyTarget(UserId Owner, string OwnerName, string Template);

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

    /// <summary>The policies in force at a time, the highest priority first.</summary>
    public static async Task<IReadOnlyList<RecordingPolicy>> OpenAsync(RecordingsDb db, DateTimeOffset now, CancellationToken ct) =>
        [.. (await db.Policies.AsNoTracking().Where(p => p.Enabled).OrderByDescending(p => p.Priority).ThenBy(p => p.Id).ToListAsync(ct)).Where(p => p.Holds(now))];

    /// <summary>The first of them that is for each session; null where none is. Where no policy names a team nobody is asked.</summary>
    public static async Task<IReadOnlyList<RecordingPolicy?>> ForAsync(IReadOnlyList<RecordingPolicy> open, IReadOnlyList<PolicyTarget> sessions, ITeamDirectory teams, CancellationToken ct)
    {
        var named = open.Any(p => p.ApplyTo.Teams is { Count: > 0 });
        var found = await teams.OfAsync(named ? [.. sessions.Select(s => s.Owner)] : [], ct);
        return [.. sessions.Select(s => open.FirstOrDefault(p => p.ApplyTo.Covers(s, found.GetValueOrDefault(s.Owner) ?? [])))];
    }

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
        TeamId[] teams = [.. (wish.ApplyTo.Teams ?? []).Distinct()];
        if (!wish.ApplyTo.All && users.Length + templates.Length + teams.Length == 0)
            return Failure.Field("apply_to", "must name users, teams or templates, or say all.");
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
        (Name, Priority, Enabled, ApplyTo) = (wish.Name.Trim(), wish.Priority, wish.Enabled, new(wish.ApplyTo.All, users, templates, teams));
        (FramesPerSecond, RetentionDays) = (wish.FramesPerSecond, wish.RetentionDays);
        (AllowUserPlayback, AllowUserDownload, RequireReason, Silent, UpdatedAt) = (wish.AllowUserPlayback, wish.AllowUserDownload, wish.RequireReason, wish.Silent, now);
        (RequireApproval, NotifyOnRecording, Windows, TimeZone, Version) = (wish.RequireApproval, wish.NotifyOnRecording, wish.Windows ?? [], wish.TimeZone, Version + 1);
        return null;
    }
}
