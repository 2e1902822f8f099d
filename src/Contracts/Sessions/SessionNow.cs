namespace StreamSpace.Contracts.Sessions;

/// <summary>A session as it stood when an event about it was written; enough to update a row of a list without asking again.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its DNS label.</param>
/// <param name="Owner">Whose it is.</param>
/// <param name="OwnerName">Their user name.</param>
/// <param name="TeamId">Its team; null for none.</param>
/// <param name="Template">Name of its template.</param>
/// <param name="TemplateTitle">What people call the template.</param>
/// <param name="Runtime">Where it runs.</param>
/// <param name="State">What it shall be.</param>
/// <param name="Phase">What it is.</param>
/// <param name="Reason">Stable code of why it failed; null when it did not.</param>
/// <param name="Message">A sentence for a person; null when there is nothing to say.</param>
/// <param name="Progress">The launch that is under way; null when none is.</param>
/// <param name="QueuePosition">Its place among those that wait for capacity, from 1; null when it does not wait.</param>
/// <param name="KeepAwake">It is not frozen or hibernated for idleness.</param>
/// <param name="Tags">Its tags.</param>
/// <param name="StartedAt">When its processes came up last; null when they never did.</param>
/// <param name="ExpiresAt">When it will be ended; null while that is not known.</param>
public sealed record SessionNow(
    SessionId Id, string Name, UserId Owner, string OwnerName, Guid? TeamId, string Template, string TemplateTitle, string Runtime,
    SessionWish State, SessionPhase Phase, string? Reason, string? Message, LaunchNow? Progress, int? QueuePosition,
    bool KeepAwake, IReadOnlyList<string> Tags, DateTimeOffset? StartedAt, DateTimeOffset? ExpiresAt);

/// <summary>A launch as a person follows it.</summary>
/// <param name="Steps">In order: reserve, prepare_image, start, connect.</param>
/// <param name="ElapsedMs">Milliseconds since the launch began.</param>
public sealed record LaunchNow(IReadOnlyList<LaunchStepNow> Steps, long ElapsedMs);

/// <summary>One step of a launch.</summary>
/// <param name="Name"><c>reserve</c>, <c>prepare_image</c>, <c>start</c> or <c>connect</c>.</param>
/// <param name="State"><c>waiting</c>, <c>active</c>, <c>done</c> or <c>failed</c>.</param>
/// <param name="Percent">0 to 100; null when it cannot be known.</param>
/// <param name="Ms">How long it took; null until it is done.</param>
/// <param name="Text">One short line for a person; null when there is none.</param>
public sealed record LaunchStepNow(string Name, string State, int? Percent, long? Ms, string? Text);
