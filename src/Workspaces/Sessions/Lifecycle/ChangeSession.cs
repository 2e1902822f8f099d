using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Contracts.Templates;
using StreamSpace.Kernel;

namespace StreamSpace.Sessions;

/// <summary>What to change of a session; what is absent stays.</summary>
/// <param name="State"><c>running</c>, <c>frozen</c>, <c>hibernated</c> or <c>terminated</c>.</param>
/// <param name="Name">DNS label, unique among one's own sessions.</param>
/// <param name="Tags">Replaces all tags.</param>
/// <param name="KeepAwake">Do not freeze or hibernate it for idleness.</param>
/// <param name="IdleTimeout">Like <c>30m</c>.</param>
/// <param name="FreezeAfter">Like <c>10m</c>.</param>
/// <param name="MaxDuration">Like <c>8h</c>; counts from the start.</param>
/// <param name="Resources">Other limits; a running session gets them at once where its runtime can, else from its next start (<c>limits_state</c>).</param>
public sealed record ChangeRequest(
    SessionWish? State = null, string? Name = null, IReadOnlyList<string>? Tags = null, bool? KeepAwake = null, string? IdleTimeout = null, string? FreezeAfter = null, string? MaxDuration = null,
    LaunchResources? Resources = null);

/// <summary>Which tags a session shall carry.</summary>
/// <param name="Tags">Replaces all tags; null: see the others.</param>
/// <param name="Add">Further tags.</param>
/// <param name="Remove">Tags to take away.</param>
public sealed record TagsRequest(IReadOnlyList<string>? Tags = null, IReadOnlyList<string>? Add = null, IReadOnlyList<string>? Remove = null);

/// <summary>Changes settings and the wanted state. With <c>If-Match</c>, only what the caller has seen.</summary>
internal sealed class ChangeSession(WishSession wishes, ChangeLimits limits, SessionShelf shelf, ITemplateLookup templates, IOptions<SessionsOptions> options, AuditScope audit)
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPatch("/sessions/{id}", (SessionRef id, ChangeRequest request, HttpContext http, ChangeSession change, CancellationToken ct) => change.HandleAsync(id, request, http, ct))
            .Needs(SessionsPermissions.Manage).Audited("session.updated").Produces<SessionAnswer>()
            .WithName("ChangeSession").WithTags("Sessions").WithSummary("Change a session").WithDescription("Settings, and the wanted state. Send If-Match with the ETag of what you saw to be told of other editors.");
        api.MapPatch("/sessions/{id}/tags", (SessionRef id, TagsRequest request, ChangeSession change, CancellationToken ct) => change.TagAsync(id, request, ct))
            .Needs(SessionsPermissions.Manage).Audited("session.tags.updated").Produces<SessionAnswer>()
            .WithName("TagSession").WithTags("Sessions").WithSummary("Change a session's tags");
    }

    /// <summary>The version of a session's settings.</summary>
    public static string Tag(Session session) => $"\"{session.Revision}\"";

    private async Task<IResult> HandleAsync(SessionRef id, ChangeRequest request, HttpContext http, CancellationToken ct)
    {
        var issues = new List<FieldIssue>();
        LaunchRules.CheckName(request.Name, issues);
        LaunchRules.CheckTags(request.Tags, issues);
        var idle = LaunchRules.Span("idle_timeout", request.IdleTimeout, issues);
        var freeze = LaunchRules.Span("freeze_after", request.FreezeAfter, issues);
        var duration = LaunchRules.Span("max_duration", request.MaxDuration, issues);
        var resources = ChangeLimits.Read(request.Resources, issues);
        if (issues.Count > 0)
            return Failure.Fields(issues).ToHttp();
        var seen = http.Request.Headers.IfMatch.ToString();
        try
        {
            var changed = await wishes.RecordAsync(id, session => Apply(session, request, resources, seen, idle, freeze, duration), ct);
            if (!changed.Ok)
                return changed.Failure.ToHttp();
            http.Response.Headers.ETag = Tag(changed.Value);
            return TypedResults.Ok(await shelf.AnswerAsync(changed.Value, ct));
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "sessions_owner_name" })
        {
            return SessionFailures.NameTaken(request.Name ?? "").ToHttp();
        }
    }

    private async Task<IResult> TagAsync(SessionRef id, TagsRequest request, CancellationToken ct)
    {
        var issues = new List<FieldIssue>();
        LaunchRules.CheckTags(request.Tags, issues);
        LaunchRules.CheckTags(request.Add, issues);
        LaunchRules.CheckTags(request.Remove, issues);
        if (issues.Count > 0)
            return Failure.Fields(issues).ToHttp();
        var changed = await wishes.RecordAsync(id, session => Retag(session, [.. (request.Tags ?? session.Tags).Concat(request.Add ?? []).Except(request.Remove ?? [], StringComparer.Ordinal)]), ct);
        return changed.Ok ? TypedResults.Ok(await shelf.AnswerAsync(changed.Value, ct)) : changed.Failure.ToHttp();
    }

    private Result<bool> Apply(Session session, ChangeRequest request, ChangeLimits.Wish resources, string seen, TimeSpan? idle, TimeSpan? freeze, TimeSpan? duration)
    {
        if (seen.Length > 0 && seen != "*" && seen != Tag(session))
            return SessionFailures.Changed;
        if (session.Wanted == SessionWish.Terminated && request.State != SessionWish.Terminated)
            return SessionFailures.Over(session.Name);
        var fields = new List<string>();
        if (request.Name is { } name && name != session.Name)
            Note(fields, "name", session.Name, session.Name = name);
        if (request.KeepAwake is { } awake && awake != session.KeepAwake)
            Note(fields, "keep_awake", session.KeepAwake, session.KeepAwake = awake);
        Spans(session, idle, freeze, duration, fields);
        if (fields.Count > 0)
            session.Changed(fields);
        var relimited = limits.Apply(session, resources);
        if (!relimited.Ok)
            return relimited;
        var touched = fields.Count > 0 || relimited.Value;
        if (request.Tags is { } tags)
        {
            var tagged = Retag(session, [.. tags]);
            if (!tagged.Ok)
                return tagged;
            touched |= tagged.Value;
        }

        if (request.State is not { } state)
            return touched;
        var wished = session.Wish(state, "manual");
        return wished.Ok ? wished.Value || touched : wished;
    }

    // A person may shorten what the template and the platform allow, never lengthen it.
    private void Spans(Session session, TimeSpan? idle, TimeSpan? freeze, TimeSpan? duration, List<string> fields)
    {
        if (idle is null && freeze is null && duration is null)
            return;
        var template = templates.Find(session.Template);
        var granted = Limits.Times(template, idle, freeze, duration, options.Value);
        var from = new Dictionary<string, string>(session.LimitsFrom, StringComparer.Ordinal);
        if (idle is not null)
            Note(fields, "idle_timeout", session.IdleTimeout, session.IdleTimeout = granted.Idle.Value, from, granted.Idle.Source);
        if (freeze is not null)
            Note(fields, "freeze_after", session.FreezeAfter, session.FreezeAfter = granted.Freeze.Value, from, granted.Freeze.Source);
        if (duration is not null)
        {
            Note(fields, "max_duration", session.MaxDuration, granted.Duration.Value, from, granted.Duration.Source);
            session.Last(granted.Duration.Value);
        }

        session.LimitsFrom = from;
    }

    private void Note(List<string> fields, string field, object before, object after, Dictionary<string, string>? from = null, string? source = null)
    {
        fields.Add(field);
        audit.Changed(field, before, after);
        if (from is not null)
            from[field] = source!;
    }

    private static Result<bool> Retag(Session session, string[] tags)
    {
        var distinct = tags.Distinct(StringComparer.Ordinal).ToArray();
        if (session.Wanted == SessionWish.Terminated)
            return SessionFailures.Over(session.Name);
        if (distinct.Length > 20)
            return Failure.Field("tags", "may be at most 20.");
        if (distinct.SequenceEqual(session.Tags, StringComparer.Ordinal))
            return false;
        session.Retag(distinct);
        return true;
    }
}
