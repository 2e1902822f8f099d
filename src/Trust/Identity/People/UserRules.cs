using Microsoft.EntityFrameworkCore;
using Npgsql;
using StreamSpace.Contracts.Access;
using StreamSpace.Contracts.Identity;
using StreamSpace.Kernel;

namespace StreamSpace.Identity;

/// <summary>Rules that span several people: unique names, known roles, never without an administrator.</summary>
internal sealed class UserRules(IRoleGrants grants)
{
    private const long AdministratorsLock = 0x41_44_4D_49_4E_53;

    public string Newcomer => grants.Newcomer;

    /// <summary>Why these roles cannot be given; null when they can.</summary>
    public Failure? CheckRoles(IReadOnlyCollection<string> roles) =>
        roles.FirstOrDefault(r => !grants.Roles.Contains(r)) is { } unknown ? UserFailures.UnknownRole(unknown, grants.Roles) : null;

    /// <summary>
    /// Why the person cannot lose being an active administrator; null when they can, or are none. Needs a transaction: two administrators
    /// who remove each other in the same moment are taken one after the other.
    /// </summary>
    public async Task<Failure?> CheckNotLastAsync(IdentityDb db, User user, CancellationToken ct)
    {
        if (!IsActiveAdministrator(user))
            return null;
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({AdministratorsLock})", ct);
        var others = await db.Users.AnyAsync(u => u.Id != user.Id && u.State == UserState.Active && u.Roles.Contains(grants.Administrator), ct);
        return others ? null : UserFailures.LastAdministrator;
    }

    public bool IsActiveAdministrator(User user) => user.State == UserState.Active && user.Roles.Contains(grants.Administrator);

    public bool IsAdministrator(IEnumerable<string> roles) => roles.Contains(grants.Administrator);

    /// <summary>The failure behind a broken unique index; null when the exception is something else.</summary>
    public static Failure? Taken(DbUpdateException e) => (e.InnerException as PostgresException)?.ConstraintName switch
    {
        "users_username" => UserFailures.UsernameTaken,
        "users_email" => UserFailures.EmailTaken,
        _ => null,
    };
}
