namespace StreamSpace.Client;

/// <summary>One person's access to a session of somebody else.</summary>
/// <param name="Id">Identifier.</param>
/// <param name="SessionId">Which session.</param>
/// <param name="User">Whom it is shared with.</param>
/// <param name="Level">view, collaborate or control.</param>
/// <param name="CreatedAt">Since when.</param>
/// <param name="ExpiresAt">When it ends by itself; null: when somebody ends it.</param>
/// <param name="Note">What was said about it.</param>
/// <param name="CreatedBy">Who shared it.</param>
public sealed record Share(
    string Id, string SessionId, SessionOwner User, string Level, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt = null, string? Note = null, SessionOwner? CreatedBy = null);

/// <summary>A wish to share a session with a person: the whole of the share, also where they have one already. Name them in one way.</summary>
public sealed record NewShare
{
    /// <summary>Their identifier.</summary>
    public string? UserId { get; init; }

    /// <summary>Their user name.</summary>
    public string? Username { get; init; }

    /// <summary>Their e-mail address.</summary>
    public string? Email { get; init; }

    /// <summary>view, collaborate or control.</summary>
    public required string Level { get; init; }

    /// <summary>It ends by itself after so long: <c>2h</c>. Null: when somebody ends it.</summary>
    public string? ExpiresIn { get; init; }

    /// <summary>Said to the person; at most 200 characters.</summary>
    public string? Note { get; init; }
}
