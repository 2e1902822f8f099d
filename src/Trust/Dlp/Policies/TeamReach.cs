using StreamSpace.Contracts;
using StreamSpace.Contracts.Dlp;
using StreamSpace.Contracts.Teams;
using StreamSpace.Kernel;

namespace StreamSpace.Dlp;

/// <summary>What policies that name teams need to know of them.</summary>
internal static class TeamReach
{
    /// <summary>Who launches a template: there is no session yet.</summary>
    public static PolicySubject Launcher(UserId user, string template) => new(user, [], template, default);

    /// <summary>The subjects with the teams their people are in. Where no policy names a team nobody is asked.</summary>
    public static async Task<IReadOnlyList<PolicySubject>> WithTeamsAsync(
        this ITeamDirectory teams, IReadOnlyList<PolicySubject> subjects, IEnumerable<Policy> policies, CancellationToken ct)
    {
        if (subjects.Count == 0 || !policies.Any(p => p.Teams.Count > 0))
            return subjects;
        var found = await teams.OfAsync([.. subjects.Select(s => s.User)], ct);
        return [.. subjects.Select(s => found.GetValueOrDefault(s.User) is { } own ? s with { Teams = [.. s.Teams.Union(own.Select(t => t.Value))] } : s)];
    }

    /// <inheritdoc cref="WithTeamsAsync(ITeamDirectory, IReadOnlyList{PolicySubject}, IEnumerable{Policy}, CancellationToken)"/>
    public static async Task<PolicySubject> WithTeamsAsync(this ITeamDirectory teams, PolicySubject subject, IEnumerable<Policy> policies, CancellationToken ct) =>
        (await teams.WithTeamsAsync([subject], policies, ct))[0];

    /// <summary>What is wrong with the teams a policy names; null when there are all of them.</summary>
    public static async Task<Failure?> CheckAsync(this ITeamDirectory teams, PolicyScope? scope, CancellationToken ct)
    {
        var missing = await teams.MissingAsync([.. (scope?.Teams ?? []).Select(TeamId.From)], ct);
        return missing.Count == 0 ? null : Failure.Fields([.. missing.Select(i => new FieldIssue($"apply_to.teams[{i}]", "is no team."))]);
    }
}
