using StreamSpace.Contracts;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Contracts.Sharing;
using StreamSpace.Kernel;

namespace StreamSpace.Sessions;

/// <summary>What a person may do with a session: the highest of owner, administrator and what they were given.</summary>
/// <param name="View">May know of it.</param>
/// <param name="Level">On its display; null: not look at it.</param>
/// <param name="Manage">Change and end it.</param>
/// <param name="Inside">Look at what is in it: output, processes.</param>
/// <param name="Story">Look at what was and is about it: settings, history, use.</param>
/// <param name="ByGrant">The level comes from what they were given, and from nothing else.</param>
/// <param name="Grant">What they were given of somebody else's session.</param>
internal sealed record Rights(bool View, AccessLevel? Level, bool Manage, bool Inside, bool Story, bool ByGrant, SessionGrant? Grant)
{
    public static Rights Of(UserId owner, UserId? user, Func<Permission, bool> may, SessionGrant? grant)
    {
        var (all, sees) = (may(SessionsPermissions.ManageAll), may(SessionsPermissions.View));
        var own = owner == user && sees;
        var manages = all || (own && may(SessionsPermissions.Manage));
        var given = own || !sees ? null : grant;
        var story = own || all || may(SessionsPermissions.ViewAll);
        return new(story || given is not null, manages ? AccessLevel.Control : own ? AccessLevel.View : given?.Level, manages, own || all, story, given is not null && !manages, given);
    }
}
