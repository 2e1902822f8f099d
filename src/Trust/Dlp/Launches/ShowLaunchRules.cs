using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts.Dlp;
using StreamSpace.Contracts.Teams;
using StreamSpace.Kernel;

namespace StreamSpace.Dlp;

/// <summary>GET /launch-rules: what the caller has to do before each launch, so that a catalogue asks before it is refused.</summary>
internal static class ShowLaunchRules
{
    /// <param name="RequireReason">A launch needs a reason.</param>
    /// <param name="RequireApproval">A launch needs an approval by somebody else.</param>
    /// <param name="Policy">Name of the policy that demands it; null when none does.</param>
    public sealed record Rule(bool RequireReason, bool RequireApproval, string? Policy);

    /// <param name="Everywhere">What holds for every template that is not named.</param>
    /// <param name="Templates">What holds for templates that policies name.</param>
    /// <param name="Approvals">The caller's own that wait or can be used.</param>
    public sealed record Response(Rule Everywhere, IReadOnlyDictionary<string, Rule> Templates, IReadOnlyList<ApprovalView> Approvals);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/launch-rules", HandleAsync).Needs(DlpPermissions.Ask)
        .WithSummary("What one has to do before a launch").WithTags("Launch approvals");

    internal static async Task<Ok<Response>> HandleAsync(ICaller caller, DlpDb db, ITeamDirectory teams, TimeProvider clock, CancellationToken ct)
    {
        var (now, me) = (clock.GetUtcNow(), caller.UserId);
        var policies = await db.CountingAsync(now, ct);
        var open = await db.Approvals.AsNoTracking().Where(a => a.UserId == me && (a.Status == ApprovalStatus.Pending || a.Status == ApprovalStatus.Granted) && a.ExpiresAt > now)
            .OrderByDescending(a => a.AskedAt).ToListAsync(ct);
        var launcher = await teams.WithTeamsAsync(TeamReach.Launcher(me, ""), policies, ct);
        var named = policies.SelectMany(p => p.Templates).Distinct(StringComparer.Ordinal).ToDictionary(t => t, t => RuleOf(policies, launcher with { Template = t }), StringComparer.Ordinal);
        return TypedResults.Ok(new Response(RuleOf(policies, launcher), named, [.. open.Select(a => a.ToView(me, now))]));
    }

    private static Rule RuleOf(IReadOnlyList<Policy> policies, PolicySubject launcher)
    {
        var policy = Evaluation.LaunchOf(policies, launcher);
        var by = policy.RequireApproval.Value ? policy.RequireApproval.By : policy.RequireReason.Value ? policy.RequireReason.By : null;
        return new(policy.RequireReason.Value, policy.RequireApproval.Value, by?.Name);
    }
}
