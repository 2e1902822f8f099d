namespace StreamSpace.Contracts.Sessions;

/// <summary>A launch or wake was refused because a person's quota is used up.</summary>
/// <param name="User">The person.</param>
/// <param name="Quota">Which: <c>sessions</c>, <c>cpu</c> or <c>memory</c>.</param>
/// <param name="Source">Whose limit it is: <c>user</c> or <c>platform</c>.</param>
/// <param name="Limit">How much there may be.</param>
/// <param name="Used">How much there is.</param>
/// <param name="Asked">How much more was asked for.</param>
[Event("user.quota.exceeded", "A launch or wake was refused for quota.", Aliases = "quota.exceeded")]
public sealed record UserQuotaExceeded(UserId User, string Quota, string Source, long Limit, long Used, long Asked) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"user:{User}";

    /// <inheritdoc/>
    public UserId? Concerns => User;
}

/// <summary>A person's use crossed 80 % of a quota.</summary>
/// <param name="User">The person.</param>
/// <param name="Quota">Which: <c>sessions</c>, <c>cpu</c> or <c>memory</c>.</param>
/// <param name="Limit">How much there may be.</param>
/// <param name="Used">How much there is now.</param>
[Event("quota.warning", "A person's use crossed 80 % of a quota.")]
public sealed record QuotaWarned(UserId User, string Quota, long Limit, long Used) : IEvent
{
    /// <inheritdoc/>
    public string Subject => $"user:{User}";

    /// <inheritdoc/>
    public UserId? Concerns => User;
}
