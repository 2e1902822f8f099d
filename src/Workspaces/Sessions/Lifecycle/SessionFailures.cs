using StreamSpace.Contracts.Dlp;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;

namespace StreamSpace.Sessions;

/// <summary>Every way that work on a session is refused.</summary>
internal static class SessionFailures
{
    public static Failure Missing { get; } = Failure.Missing("session");

    public static Failure Over(string name) =>
        new(FailureKind.Conflict, "SESSION_ENDED", $"The session {name} has ended. Launch a new one.");

    public static Failure NotRunning(string name, SessionPhase phase) =>
        new(FailureKind.Conflict, "SESSION_NOT_RUNNING", $"The session {name} is {Wire.Name(phase)}; only a running session can be frozen.", new { phase });

    public static Failure NotUp(string name, SessionPhase phase) =>
        new(FailureKind.Conflict, "SESSION_NOT_RUNNING", $"The session {name} is {Wire.Name(phase)}; start it first.", new { phase });

    public static Failure CannotFreeze(string runtime) =>
        new(FailureKind.Conflict, "FREEZE_NOT_SUPPORTED", $"The runtime {runtime} cannot freeze sessions here. Hibernate it instead.", new { runtime });

    public static Failure NameTaken(string name) =>
        new(FailureKind.Conflict, "NAME_TAKEN", $"You already have a session named {name}. Choose another name or leave it out.", new FieldIssue("name", "is used by another session of yours."));

    public static Failure MayNotManage { get; } =
        new(FailureKind.Denied, "NOT_ALLOWED", "You may look at this session but not change it.");

    public static Failure Changed { get; } =
        new(FailureKind.Conflict, "CHANGED_MEANWHILE", "Somebody else changed the session in the meantime. Load it again and repeat your change.");

    public static Failure NoTemplate(string name) =>
        Failure.Field("template", $"there is no template named {Shown(name)}.");

    public static Failure NoRuntime(string name, IEnumerable<string> known) =>
        Failure.Field("runtime", $"there is no runtime named {Shown(name)}; use {string.Join(", ", known.Prepend("auto"))}.");

    public static Failure NotOnRuntime(string template, string runtime) =>
        Failure.Field("runtime", $"the template {template} does not run on {runtime}.");

    public static Failure RuntimeDown(string runtime, string? problem) =>
        new(FailureKind.Unavailable, "RUNTIME_UNAVAILABLE", $"The runtime {runtime} does not answer. {problem}".TrimEnd(), new { runtime }, TimeSpan.FromSeconds(10));

    /// <summary>Why data protection does not let a launch go on; null when it does.</summary>
    public static Failure? Of(LaunchPass pass) => pass.Verdict switch
    {
        LaunchVerdict.NeedsReason => new(
            FailureKind.Refused, "REASON_REQUIRED", $"The policy {pass.By?.Name} demands a reason for this launch. Say why you need it.",
            new { field = "reason", issue = "is needed.", policy = pass.By?.Name }),
        LaunchVerdict.NeedsApproval => new(
            FailureKind.Refused, "APPROVAL_REQUIRED", $"The policy {pass.By?.Name} demands an approval for this launch. Ask for one.", new { policy = pass.By?.Name }),
        LaunchVerdict.Waiting => new(
            FailureKind.Refused, "APPROVAL_PENDING", "You have asked for an approval to launch this, and nobody has decided yet.", new { policy = pass.By?.Name, approval = pass.Approval }),
        _ => null,
    };

    public static Failure Quota(string quota, string source, string limit, string used, string asked) =>
        new(FailureKind.Refused, "QUOTA_EXCEEDED",
            $"This would exceed the {source}'s limit of {limit} {quota}: {used} in use, {asked} asked for. End or hibernate a session first, or ask an administrator for more.",
            new { quota, source, limit, used, asked });

    public static Failure TooBig(string runtime, string what, string most) =>
        new(FailureKind.Refused, "QUOTA_EXCEEDED", $"The runtime {runtime} has only {most} of {what} in all. Ask for less.", new { quota = what, source = "platform", limit = most });

    public static Failure NoRoom(string runtime, string what, string left) =>
        new(FailureKind.Refused, "QUOTA_EXCEEDED", $"The runtime {runtime} has only {left} of {what} left beside its other sessions. Ask for less, or later.", new { quota = what, source = "platform", left });

    private static string Shown(string text) => text.Length > 60 ? text[..60] + "…" : text;
}
