using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Identity;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;

namespace StreamSpace.Sharing.Shares;

/// <summary>POST /sessions/{session}/share: gives a person access, or other access than they have. Said twice it does nothing the second time.</summary>
internal static class ShareSession
{
    /// <param name="UserId">The person; or say <paramref name="Username"/> or <paramref name="Email"/>.</param>
    /// <param name="Username">Their user name.</param>
    /// <param name="Email">Their e-mail address.</param>
    /// <param name="Level">view, collaborate or control.</param>
    /// <param name="ExpiresIn">It ends by itself after so long: 30m, 8h, 7d. Without this and <paramref name="ExpiresAt"/> it lasts until somebody ends it.</param>
    /// <param name="ExpiresAt">It ends by itself then.</param>
    /// <param name="Note">Said to the person; at most 200 characters.</param>
    public sealed record Request(
        UserId? UserId = null, [MaxLength(100)] string? Username = null, [MaxLength(254)] string? Email = null, [MaxLength(20)] string? Level = null, [MaxLength(24)] string? ExpiresIn = null,
        DateTimeOffset? ExpiresAt = null, [MaxLength(1000)] string? Note = null);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/sessions/{session}/share", HandleAsync).Needs(SharingPermissions.Share).Audited("session.shared")
            .WithName("ShareSession").WithTags("Sharing").WithSummary("Share a session with a person")
            .WithDescription("By its owner, or who manages it instead. The request is the whole of the share: sharing again with the same person replaces level, end and note.")
            .Produces<ShareAnswer>(StatusCodes.Status201Created).Produces<ShareAnswer>();

    internal static async Task<IResult> HandleAsync(
        SessionRef session, Request request, ICaller caller, ShareDesk desk, IUserDirectory people, SharingDb db, IEventLog events, IOptions<SharingOptions> options, TimeProvider clock, AuditScope audit,
        CancellationToken ct)
    {
        // Whether there is such a person is told only to who has something to share with them.
        if (await desk.FindAsync(session, ct) is not { } sight)
            return ShareFailures.NoSession.ToHttp();
        audit.Resource = $"session:{sight.Session.Id}";
        if (!Share.MayShare(sight, caller.UserId))
            return ShareFailures.NotYours.ToHttp();
        var now = clock.GetUtcNow();
        var terms = Terms.Read(request, options.Value.Longest, now);
        if (!terms.Ok)
            return terms.Failure.ToHttp();
        var person = await FindAsync(request, people, ct);
        if (!person.Ok)
            return person.Failure.ToHttp();
        if (Share.Check(sight, caller.UserId, person.Value, terms.Value.Level) is { } refused)
            return refused.ToHttp();

        var (share, isNew) = await SaveAsync(sight.Session, person.Value, terms.Value, caller.UserId, db, events, audit, now, ct);
        var answer = (await people.AnswerAsync([share], ct))[0];
        return isNew ? TypedResults.Created($"/api/v1/sessions/{share.SessionId}/shares", answer) : TypedResults.Ok(answer);
    }

    private static async Task<Result<UserFacts>> FindAsync(Request request, IUserDirectory people, CancellationToken ct)
    {
        if (new[] { request.UserId is not null, request.Username is not null, request.Email is not null }.Count(said => said) != 1)
            return Failure.Field("username", "or user_id or email: name one person, in one way.");
        // No name has such characters, and the database takes no NUL.
        if ((request.Username ?? request.Email)?.Any(char.IsControl) == true)
            return ShareFailures.NoSuchPerson(request.Username is null ? "email" : "username");
        var (field, found) = request switch
        {
            { UserId: { } id } => ("user_id", (await people.FindAsync([id], ct)).GetValueOrDefault(id)),
            { Username: { } name } => ("username", await people.FindAsync(name, ct)),
            _ => ("email", await people.FindByEmailAsync(request.Email!, ct)),
        };
        return found is null or { State: UserState.Deleted } ? ShareFailures.NoSuchPerson(field) : found;
    }

    private static async Task<(Share Share, bool IsNew)> SaveAsync(
        SessionFacts session, UserFacts person, Terms terms, UserId by, SharingDb db, IEventLog events, AuditScope audit, DateTimeOffset now, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var found = await db.LockedAsync(session.Id, person.Id, ct);
            // What is over by the clock is over, whether it was swept or not: the person gets a new share, not the old one back.
            var before = found is { } old && !(old.ExpiresAt <= now) ? new Terms(old.Level, old.ExpiresAt, old.Note) : null;
            var share = before is null ? Share.Give(session, person.Id, terms, by, now) : found!;
            if (before is null)
            {
                if (found is not null)
                    await db.Shares.Where(s => s.Id == found.Id).ExecuteDeleteAsync(ct);
                db.ChangeTracker.Clear();
                db.Add(share);
            }
            else if (!share.Change(terms))
            {
                return (share, false);
            }

            events.Append(db, share.Told(session.Name, person.Username, changed: before is not null));
            try
            {
                await db.SaveChangesAsync(ct);
                await transaction.CommitAsync(ct);
            }
            catch (DbUpdateException e) when (attempt < 3 && e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
            {
                // Shared by two at once: the second changes what the first gave.
                await transaction.RollbackAsync(ct);
                db.ChangeTracker.Clear();
                continue;
            }

            audit.Changed("user", before is null ? null : person.Username, person.Username);
            audit.Changed("level", before is null ? null : Levels.ToText(before.Level), Levels.ToText(terms.Level));
            audit.Changed("expires_at", Written(before?.ExpiresAt), Written(terms.ExpiresAt));
            return (share, before is null);
        }
    }

    private static string? Written(DateTimeOffset? time) => time?.UtcDateTime.ToString("O", System.Globalization.CultureInfo.InvariantCulture);
}
