using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts.Access;
using StreamSpace.Contracts.Identity;
using StreamSpace.Kernel;

namespace StreamSpace.Identity;

/// <summary>Creates the first administrator, once, however many ask at the same time on however many replicas.</summary>
internal sealed class FirstAdministrator(SetupCode code, SharedSecrets secrets, Passwords passwords, IRoleGrants grants, IEventLog events, TimeProvider clock)
{
    private const long Lock = 0x53_45_54_55_50;
    public static readonly Failure NotNeeded = new(FailureKind.Conflict, "SETUP_DONE", "There is an administrator already. Log in instead.");

    public async Task<Result<User>> CreateAsync(IdentityDb db, string username, string password, string? displayName, string? email, CancellationToken ct)
    {
        if (PasswordPolicy.Check("password", password, username, email) is { } weak)
            return weak;
        var hash = await passwords.HashAsync(password, ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({Lock})", ct);
        if (!await code.NeededAsync(db, ct))
            return NotNeeded;
        var user = User.Create(username, displayName, email, [grants.Administrator], hash, mustChangePassword: false, clock.GetUtcNow());
        if (await db.Users.AnyAsync(u => u.Username == user.Username && u.State != UserState.Deleted, ct))
            return UserFailures.UsernameTaken;
        db.Add(user);
        events.Append(db, new UserCreated(user.Id, user.Username, user.DisplayName, user.Roles));
        await secrets.ForgetAsync(db, SetupCode.Secret, ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return user;
    }
}
