using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StreamSpace.Contracts.Identity;
using StreamSpace.Kernel;

namespace StreamSpace.Identity;

/// <summary>Saves a changed account: event and audit name what changed, and this replica forgets what it knew.</summary>
internal sealed class UserChanges(IEventLog events, LiveLogins live, AuditScope audit, TimeProvider clock)
{
    /// <summary>Saves within the caller's transaction and commits it. The failure when a name is taken.</summary>
    public async Task<Failure?> SaveAsync(IdentityDb db, User user, UserView before, CancellationToken ct)
    {
        audit.Resource = $"user:{user.Id}";
        var fields = new List<string>();
        Note(fields, "display_name", before.DisplayName, user.DisplayName);
        Note(fields, "email", before.Email, user.Email);
        Note(fields, "roles", string.Join(' ', before.Roles), string.Join(' ', user.Roles));
        Note(fields, "locale", before.Locale, user.Locale);
        Note(fields, "time_zone", before.TimeZone, user.TimeZone);
        Note(fields, "state", before.State, user.State);
        Note(fields, "lock_reason", before.LockReason, user.LockReason);
        Note(fields, "must_change_password", before.MustChangePassword, user.MustChangePassword);
        if (fields.Count > 0)
        {
            user.Touch(clock.GetUtcNow());
            events.Append(db, new UserUpdated(user.Id, user.Username, fields));
        }

        try
        {
            await db.SaveChangesAsync(ct);
            await db.Database.CommitTransactionAsync(ct);
        }
        catch (DbUpdateException e) when (UserRules.Taken(e) is { } taken)
        {
            return taken;
        }

        live.Forget(user.Id);
        return null;
    }

    private void Note(List<string> fields, string field, object? before, object? after)
    {
        if (Equals(before, after))
            return;
        fields.Add(field);
        audit.Changed(field, before, after);
    }
}
