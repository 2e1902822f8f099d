namespace StreamSpace.Contracts.Dlp;

/// <summary>Answers whether somebody may launch a template as far as data protection is concerned. Answered by the Dlp module, asked by whoever launches.</summary>
public interface ILaunchGate
{
    /// <summary>
    /// Decides by the policies of this moment. Where an approval is needed one is taken, at once and for this session only: of two launches with an
    /// approval that is good for one, one gets it. Give it back with <see cref="GiveBackAsync"/> when the launch comes to nothing.
    /// </summary>
    Task<LaunchPass> EnterAsync(LaunchAttempt attempt, CancellationToken ct);

    /// <summary>The session was not launched after all: what was taken for it is there again. Does nothing when nothing was taken.</summary>
    Task GiveBackAsync(SessionId session, CancellationToken ct);
}

/// <summary>Somebody wants to launch.</summary>
/// <param name="User">Who.</param>
/// <param name="Template">Name of the template.</param>
/// <param name="TemplateVersion">Its version now: an approval of another version does not count.</param>
/// <param name="Reason">Why, in their words; null when they say nothing.</param>
/// <param name="Session">The session to be.</param>
public sealed record LaunchAttempt(UserId User, string Template, string TemplateVersion, string? Reason, SessionId Session);

/// <summary>The answer to a launch.</summary>
/// <param name="Verdict">Whether it may go on.</param>
/// <param name="By">The policy that demands something; null when none does.</param>
/// <param name="Approval">The approval that was taken, or the one that waits; null when there is none.</param>
/// <param name="Reason">The reason to be kept with the session; the one of the approval where the attempt gives none.</param>
public sealed record LaunchPass(LaunchVerdict Verdict, PolicyRef? By, LaunchApprovalId? Approval, string? Reason);

/// <summary>Whether a launch may go on.</summary>
public enum LaunchVerdict
{
    /// <summary>It may.</summary>
    Open,

    /// <summary>It needs a reason.</summary>
    NeedsReason,

    /// <summary>It needs an approval, and nobody has been asked.</summary>
    NeedsApproval,

    /// <summary>It needs an approval that was asked for and is not decided.</summary>
    Waiting,
}

/// <summary>What policies demand before a launch.</summary>
/// <param name="RequireReason">A reason.</param>
/// <param name="RequireApproval">An approval by somebody else.</param>
public sealed record LaunchPolicy(Ruled<bool> RequireReason, Ruled<bool> RequireApproval)
{
    /// <summary>Nothing is demanded.</summary>
    public static LaunchPolicy Free { get; } = new(new(false, null), new(false, null));
}
