using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Kernel;

namespace StreamSpace.Audit;

/// <summary>What to look for in the audit; everything left out matches.</summary>
/// <param name="Actor">A person's id or sign-in name.</param>
/// <param name="Action">One action, or a group: <c>session.*</c>.</param>
/// <param name="Resource">The beginning of what it was done on: <c>session:0190…</c> or <c>user:</c>.</param>
/// <param name="Result">ok, denied, refused or failed.</param>
/// <param name="From">Not before.</param>
/// <param name="To">Before.</param>
/// <param name="Text">Part of the name, action, resource, address or changes.</param>
public sealed record AuditQuery(
    [FromQuery(Name = "actor"), MaxLength(100)] string? Actor,
    [FromQuery(Name = "action"), MaxLength(100)] string? Action,
    [FromQuery(Name = "resource"), MaxLength(200)] string? Resource,
    [FromQuery(Name = "result"), RegularExpression("^(ok|denied|refused|failed)$", ErrorMessage = "must be ok, denied, refused or failed.")] string? Result,
    [FromQuery(Name = "from")] DateTimeOffset? From,
    [FromQuery(Name = "to")] DateTimeOffset? To,
    [FromQuery(Name = "text"), MaxLength(100)] string? Text)
{
    internal IQueryable<Entry> Apply(IQueryable<Entry> entries)
    {
        if (Actor is { Length: > 0 } actor)
            entries = UserId.TryParse(actor, null, out var id) ? entries.Where(e => e.Actor == id) : entries.Where(e => e.ActorName == actor);
        if (Action is { Length: > 0 } action)
        {
            var group = LikePattern.BeginningWith(action[..^1]);
            entries = action.EndsWith(".*", StringComparison.Ordinal) ? entries.Where(e => EF.Functions.Like(e.Action, group, "\\")) : entries.Where(e => e.Action == action);
        }

        if (Resource is { Length: > 0 } resource)
        {
            var prefix = LikePattern.BeginningWith(resource);
            entries = entries.Where(e => EF.Functions.Like(e.Resource, prefix, "\\"));
        }

        if (Result is { Length: > 0 } result)
            entries = entries.Where(e => e.Result == result);
        if (From is { } from && from.ToUniversalTime() is var begin)
            entries = entries.Where(e => e.Time >= begin);
        if (To is { } to && to.ToUniversalTime() is var end)
            entries = entries.Where(e => e.Time < end);
        if (Text is { Length: > 0 } text && LikePattern.Containing(text) is var part)
        {
            entries = entries.Where(e => EF.Functions.ILike(e.ActorName, part, "\\") || EF.Functions.ILike(e.Action, part, "\\") || EF.Functions.ILike(e.Resource, part, "\\")
                || EF.Functions.ILike(e.Address!, part, "\\") || EF.Functions.ILike(e.Changes, part, "\\"));
        }

        return entries;
    }
}
