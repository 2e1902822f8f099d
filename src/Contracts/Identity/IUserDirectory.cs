namespace StreamSpace.Contracts.Identity;

/// <summary>Names people for modules that only know their ids. Answered by the Identity module.</summary>
public interface IUserDirectory
{
    /// <summary>The people among <paramref name="users"/> that ever existed, deleted ones too (their history still names them).</summary>
    Task<IReadOnlyDictionary<UserId, UserFacts>> FindAsync(IReadOnlyCollection<UserId> users, CancellationToken ct);

    /// <summary>Finds somebody who is not deleted by their user name. Null when there is nobody.</summary>
    Task<UserFacts?> FindAsync(string username, CancellationToken ct);

    /// <summary>Finds somebody who is not deleted by their e-mail address. Null when there is nobody.</summary>
    Task<UserFacts?> FindByEmailAsync(string email, CancellationToken ct);
}

/// <summary>Who somebody is.</summary>
/// <param name="Id">The person.</param>
/// <param name="Username">Unique among people who are not deleted.</param>
/// <param name="DisplayName">What people call them.</param>
/// <param name="State">Whether they may log in.</param>
/// <param name="Slug">The user name as a DNS label, for host names, folders and volumes. Unique only together with the id.</param>
public sealed record UserFacts(UserId Id, string Username, string DisplayName, UserState State, string Slug);

/// <summary>Where a person stands.</summary>
public enum UserState
{
    /// <summary>May log in.</summary>
    Active,

    /// <summary>An administrator locked them out.</summary>
    Locked,

    /// <summary>Known, but has not accepted yet.</summary>
    Invited,

    /// <summary>Gone; only the name is kept for the history.</summary>
    Deleted,
}
