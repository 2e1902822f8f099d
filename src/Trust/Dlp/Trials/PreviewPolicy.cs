using System.ComponentModel.DataAnnotations;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using StreamSpace.Contracts.Dlp;
using StreamSpace.Kernel;

namespace StreamSpace.Dlp;

/// <summary>POST /dlp/policies/preview: what rules would do with a text. The text is not kept.</summary>
internal static class PreviewPolicy
{
    /// <param name="Rules">The rules, saved or not.</param>
    /// <param name="Text">The text.</param>
    public sealed record Request(PolicyRules Rules, [MaxLength(100_000)] string Text);

    /// <param name="Name">The rule.</param>
    /// <param name="Action">What it does.</param>
    /// <param name="Matches">How often it is found, counted up to a hundred.</param>
    /// <param name="TimedOut">The pattern came to no end in time.</param>
    public sealed record Finding(string Name, ContentAction Action, int Matches, bool TimedOut);

    /// <param name="Outcome">What becomes of it.</param>
    /// <param name="Reason">By which rule; null when it passes unseen.</param>
    /// <param name="Findings">What is found in it.</param>
    public sealed record Verdict(IncidentOutcome Outcome, IncidentReason? Reason, IReadOnlyList<Finding> Findings);

    public sealed record Response(Verdict ClipboardIn, Verdict ClipboardOut);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/dlp/policies/preview", Handle).Needs(DlpPermissions.Manage).Audited("dlp.policy.previewed")
        .WithSummary("What rules would do with a text").WithTags("Data protection");

    internal static Results<Ok<Response>, FailureResult> Handle(Request request, ContentInspector inspector)
    {
        if (PolicyCheck.Of(null, request.Rules) is { } wrong)
            return wrong.ToHttp();
        return TypedResults.Ok(new Response(Judge(request.Rules.ClipboardIn, request.Text, inspector), Judge(request.Rules.ClipboardOut, request.Text, inspector)));
    }

    private static Verdict Judge(ClipboardSection? section, string text, ContentInspector inspector)
    {
        var by = new PolicyRef(default, "", DlpSeverity.Low);
        var found = inspector.All([.. (section?.Filters ?? []).Select(f => Evaluation.ToRule(f, by))], text);
        var findings = found.Select(f => new Finding(f.Rule.Name, f.Rule.Action, f.Matches, f.TimedOut)).ToList();
        if (section?.Allowed == false)
            return new(IncidentOutcome.Blocked, IncidentReason.NotAllowed, findings);
        var large = section?.MaxBytes is { } most && Encoding.UTF8.GetByteCount(text) > most;
        if (large && section?.SizeAction is not ContentAction.Warn)
            return new(IncidentOutcome.Blocked, IncidentReason.Size, findings);
        if (section?.MimeTypes is { } types && !types.Contains("text/plain", StringComparer.Ordinal))
            return new(IncidentOutcome.Blocked, IncidentReason.Format, findings);
        if (found.Any(f => f.Rule.Action == ContentAction.Block))
            return new(IncidentOutcome.Blocked, IncidentReason.Content, findings);
        if (large && found.Count == 0)
            return new(IncidentOutcome.Warned, IncidentReason.Size, findings);
        return found.Count > 0 ? new(IncidentOutcome.Warned, IncidentReason.Content, findings) : new(IncidentOutcome.Allowed, null, findings);
    }
}
