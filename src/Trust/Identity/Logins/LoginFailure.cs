using StreamSpace.Kernel;

namespace StreamSpace.Identity;

/// <summary>Every way in which a login or a token is refused.</summary>
internal static class LoginFailure
{
    /// <summary>The same for a wrong password and for a name that nobody has.</summary>
    public static readonly Failure WrongCredentials = new(FailureKind.Unauthenticated, "INVALID_CREDENTIALS", "The user name or the password is wrong.");
    public static readonly Failure BadCredentials = new(FailureKind.Unauthenticated, "TOKEN_INVALID", "Send the access token as 'Authorization: Bearer <token>'.");
    public static readonly Failure TokenInvalid = new(FailureKind.Unauthenticated, "TOKEN_INVALID", "The access token is not valid any more. Refresh it or log in again.");
    public static readonly Failure LoginOver = new(FailureKind.Unauthenticated, "LOGIN_ENDED", "Your login has ended. Log in again.");
    public static readonly Failure RefreshInvalid = new(FailureKind.Unauthenticated, "REFRESH_INVALID", "The refresh token is not valid any more. Log in again.");
    public static readonly Failure Forged = new(FailureKind.Denied, "FORGED_REQUEST", "The request lacks the anti-forgery token of your login. Reload the page and try again.");
    public static readonly Failure ForeignOrigin = new(FailureKind.Denied, "FOREIGN_ORIGIN", "Another site may not open this connection with your login.");
    public static readonly Failure PasswordChangeDue = new(FailureKind.Denied, "PASSWORD_CHANGE_REQUIRED", "Choose a password of your own first.");
    public static readonly Failure AccountLocked = new(FailureKind.Denied, "ACCOUNT_LOCKED", "Your account is locked. Ask an administrator.");
    public static readonly Failure NoSuchLogin = Failure.Missing("login");

    public static Failure Throttled(TimeSpan wait) =>
        new(FailureKind.Exhausted, "TOO_MANY_FAILED_LOGINS", $"Too many failed logins. Try again in {Math.Ceiling(wait.TotalSeconds)} s.", RetryAfter: wait);
}
