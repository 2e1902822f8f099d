using StreamSpace.Kernel;

namespace StreamSpace.Teams;

internal static class TeamFailures
{
    public static readonly Failure NoSuchTeam = Failure.Missing("team");
    public static readonly Failure NoSuchPerson = Failure.Missing("user");
    public static readonly Failure NotIn = Failure.Missing("member");
    public static readonly Failure NameTaken = new(FailureKind.Conflict, "NAME_TAKEN", "Another team has this name already. Choose another one.");
    public static readonly Failure ChangedMeanwhile = new(FailureKind.Conflict, "CHANGED_MEANWHILE", "Somebody else changed this team in the meantime. Load it again and repeat your change.");

    public static Failure InUse(IReadOnlyList<string> uses) => new(
        FailureKind.Conflict, "TEAM_IN_USE", $"The team is still named by {string.Join(", ", uses.Take(5))}{(uses.Count > 5 ? $" and {uses.Count - 5} more" : "")}. Take it out there first.", new Uses(uses));

    /// <param name="UsedBy">What names the team.</param>
    internal sealed record Uses(IReadOnlyList<string> UsedBy);
}
