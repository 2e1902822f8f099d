using StreamSpace.Kernel;

namespace StreamSpace.Identity;

internal static class UserFailures
{
    public static readonly Failure NoSuchUser = Failure.Missing("user");
    public static readonly Failure UsernameTaken = new(FailureKind.Conflict, "USERNAME_TAKEN", "Somebody has this user name already. Choose another one.");
    public static readonly Failure EmailTaken = new(FailureKind.Conflict, "EMAIL_TAKEN", "Another account has this e-mail address already.");
    public static readonly Failure AlreadyLocked = new(FailureKind.Conflict, "ALREADY_LOCKED", "This account is locked already.");
    public static readonly Failure NotLocked = new(FailureKind.Conflict, "NOT_LOCKED", "This account is not locked.");
    public static readonly Failure ChangedMeanwhile = new(FailureKind.Conflict, "CHANGED_MEANWHILE", "Somebody else changed this account in the meantime. Load it again and repeat your change.");
    public static readonly Failure NotYourself = new(FailureKind.Refused, "NOT_YOURSELF", "You cannot do this to your own account. Ask another administrator.");
    public static readonly Failure LastAdministrator = new(FailureKind.Refused, "LAST_ADMINISTRATOR", "This is the last administrator who can log in. Make somebody else an administrator first.");

    public static Failure UnknownRole(string role, IEnumerable<string> known) =>
        Failure.Field("roles", $"there is no role '{role}'; there are {string.Join(", ", known)}.");
}
