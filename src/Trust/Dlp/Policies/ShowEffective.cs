using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Dlp;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Contracts.Teams;
using StreamSpace.Kernel;

namespace StreamSpace.Dlp;

/// <summary>GET /dlp/effective: what counts for a person in a session, and which policy decided each field.</summary>
internal static class ShowEffective
{
    /// <param name="Session">The session.</param>
    /// <param name="User">The person.</param>
    /// <param name="Policies">Policies that apply, highest priority first.</param>
    /// <param name="Effective">What counts, field by field, with the policy that decided it: an exception where one loosened it.</param>
    /// <param name="Launch">What a launch of the session's template by that person demands now.</param>
    /// <param name="Exceptions">Exceptions that apply, highest priority first.</param>
    public sealed record Response(SessionId Session, UserId User, IReadOnlyList<PolicyRef> Policies, StreamPolicy Effective, LaunchPolicy Launch, IReadOnlyList<Loosening> Exceptions);

    /// <param name="Policy">The exception.</param>
    /// <param name="Reason">Why there is one.</param>
    /// <param name="ExpiresAt">When it ends.</param>
    public sealed record Loosening(PolicyRef Policy, string Reason, DateTimeOffset ExpiresAt);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/dlp/effective", HandleAsync).Needs(DlpPermissions.View)
        .WithSummary("What data protection says in a session, and which policy decided it").WithTags("Data protection");

    /// <param name="session">The session's id.</param>
    /// <param name="user">Who looks; the owner when left out.</param>
    /// <param name="sessions">Knows sessions.</param>
    /// <param name="teams">Knows who is in which team.</param>
    /// <param name="db">The policies.</param>
    /// <param name="clock">Ends exceptions.</param>
    /// <param name="ct">Cancels.</param>
    internal static async Task<Results<Ok<Response>, FailureResult>> HandleAsync(
        [FromQuery(Name = "session")] SessionId session, [FromQuery(Name = "user")] UserId? user, ISessionDirectory sessions, ITeamDirectory teams, DlpDb db, TimeProvider clock, CancellationToken ct)
    {
        if (await sessions.FindAsync(session, ct) is not { } facts)
            return Failure.Missing("session").ToHttp();
        var policies = await db.CountingAsync(clock.GetUtcNow(), ct);
        var subject = await teams.WithTeamsAsync(new PolicySubject(user ?? facts.Owner, facts.Team is { } team ? [team] : [], facts.Template, facts.Id), policies, ct);
        var launcher = subject with { Session = default };
        var applying = Evaluation.Applying(policies, subject);
        return TypedResults.Ok(new Response(
            facts.Id, subject.User, [.. applying.Select(p => p.Ref)], Evaluation.Of(policies, subject) ?? StreamPolicy.Free, Evaluation.LaunchOf(policies, launcher),
            [.. applying.Where(p => p.Kind == PolicyKind.Exception).Select(p => new Loosening(p.Ref, p.Reason ?? "", p.ExpiresAt ?? default))]));
    }
}
