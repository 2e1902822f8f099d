using System.ComponentModel.DataAnnotations;
using StreamSpace.Contracts;
using StreamSpace.Kernel;

namespace StreamSpace.Recordings.Policies;

/// <summary>A policy as a caller writes it.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Priority">Of several that are for a session, the one with the highest counts.</param>
/// <param name="Enabled">Whether it counts at all.</param>
/// <param name="ApplyTo">Whom it is for.</param>
/// <param name="FramesPerSecond">Most pictures in a second.</param>
/// <param name="RetentionDays">Recordings are deleted so long after their end.</param>
/// <param name="AllowUserPlayback">Owners may play them.</param>
/// <param name="AllowUserDownload">Owners may download them.</param>
/// <param name="RequireReason">Whoever looks must say why.</param>
/// <param name="Silent">Owners are not told.</param>
/// <param name="RequireApproval">Whoever looks needs another person's approval.</param>
/// <param name="NotifyOnRecording">Owners get a notice when a recording begins.</param>
/// <param name="Windows">When it counts; none: always.</param>
/// <param name="TimeZone">Of the windows: Europe/Berlin.</param>
public sealed record PolicyWish(
    [StringLength(100, MinimumLength = 1, ErrorMessage = "must be 1 to 100 characters.")] string Name, [Range(0, 1000)] int Priority, bool Enabled, PolicyReach ApplyTo,
    [Range(1, 30)] int FramesPerSecond = 10, [Range(1, 36_500)] int RetentionDays = 30, bool AllowUserPlayback = false, bool AllowUserDownload = false, bool RequireReason = false,
    bool Silent = false, bool RequireApproval = false, bool NotifyOnRecording = false, [MaxLength(20)] IReadOnlyList<PolicyWindow>? Windows = null, [MaxLength(64)] string TimeZone = "UTC");

/// <summary>What to change of a policy; what is left out stays, <c>apply_to</c> and <c>windows</c> are replaced as a whole.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Priority">Of several that are for a session, the one with the highest counts.</param>
/// <param name="Enabled">Whether it counts at all.</param>
/// <param name="ApplyTo">Whom it is for.</param>
/// <param name="FramesPerSecond">Most pictures in a second.</param>
/// <param name="RetentionDays">Recordings are deleted so long after their end.</param>
/// <param name="AllowUserPlayback">Owners may play them.</param>
/// <param name="AllowUserDownload">Owners may download them.</param>
/// <param name="RequireReason">Whoever looks must say why.</param>
/// <param name="Silent">Owners are not told.</param>
/// <param name="RequireApproval">Whoever looks needs another person's approval.</param>
/// <param name="NotifyOnRecording">Owners get a notice when a recording begins.</param>
/// <param name="Windows">When it counts; none: always.</param>
/// <param name="TimeZone">Of the windows: Europe/Berlin.</param>
public sealed record PolicyChange(
    [StringLength(100, MinimumLength = 1, ErrorMessage = "must be 1 to 100 characters.")] string? Name = null, [Range(0, 1000)] int? Priority = null, bool? Enabled = null, PolicyReach? ApplyTo = null,
    [Range(1, 30)] int? FramesPerSecond = null, [Range(1, 36_500)] int? RetentionDays = null, bool? AllowUserPlayback = null, bool? AllowUserDownload = null, bool? RequireReason = null,
    bool? Silent = null, bool? RequireApproval = null, bool? NotifyOnRecording = null, [MaxLength(20)] IReadOnlyList<PolicyWindow>? Windows = null, [MaxLength(64)] string? TimeZone = null)
{
    /// <summary>The policy as it would be then.</summary>
    internal PolicyWish On(RecordingPolicy p) => new(
        Name ?? p.Name, Priority ?? p.Priority, Enabled ?? p.Enabled, ApplyTo ?? new(p.ApplyTo.All, p.ApplyTo.Users, p.ApplyTo.Templates, p.ApplyTo.Teams), FramesPerSecond ?? p.FramesPerSecond,
        RetentionDays ?? p.RetentionDays, AllowUserPlayback ?? p.AllowUserPlayback, AllowUserDownload ?? p.AllowUserDownload, RequireReason ?? p.RequireReason, Silent ?? p.Silent,
        RequireApproval ?? p.RequireApproval, NotifyOnRecording ?? p.NotifyOnRecording, Windows ?? p.Windows, TimeZone ?? p.TimeZone);
}

/// <summary>Whom a policy is for.</summary>
/// <param name="All">Every session.</param>
/// <param name="Users">User names of owners.</param>
/// <param name="Templates">Names of templates.</param>
/// <param name="Teams">Teams of owners, by id.</param>
public sealed record PolicyReach(
    bool All = false, [MaxLength(500)] IReadOnlyList<string>? Users = null, [MaxLength(500)] IReadOnlyList<string>? Templates = null, [MaxLength(500)] IReadOnlyList<TeamId>? Teams = null);

/// <summary>A policy as the API shows it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Priority">The highest counts.</param>
/// <param name="Enabled">Whether it counts at all.</param>
/// <param name="ApplyTo">Whom it is for.</param>
/// <param name="FramesPerSecond">Most pictures in a second.</param>
/// <param name="RetentionDays">Recordings are deleted so long after their end.</param>
/// <param name="AllowUserPlayback">Owners may play them.</param>
/// <param name="AllowUserDownload">Owners may download them.</param>
/// <param name="RequireReason">Whoever looks must say why.</param>
/// <param name="Silent">Owners are not told.</param>
/// <param name="RequireApproval">Whoever looks needs another person's approval.</param>
/// <param name="NotifyOnRecording">Owners get a notice when a recording begins.</param>
/// <param name="Windows">When it counts; none: always.</param>
/// <param name="TimeZone">Of the windows.</param>
/// <param name="Version">Counts changes; the ETag.</param>
/// <param name="UpdatedAt">When it was changed last.</param>
public sealed record PolicyAnswer(
    Guid Id, string Name, int Priority, bool Enabled, PolicyAnswerReach ApplyTo, int FramesPerSecond, int RetentionDays, bool AllowUserPlayback, bool AllowUserDownload, bool RequireReason,
    bool Silent, bool RequireApproval, bool NotifyOnRecording, IReadOnlyList<PolicyWindow> Windows, string TimeZone, int Version, DateTimeOffset UpdatedAt);

/// <summary>Whom a policy is for.</summary>
public sealed record PolicyAnswerReach(bool All, IReadOnlyList<string> Users, IReadOnlyList<string> Templates, IReadOnlyList<TeamId> Teams);
