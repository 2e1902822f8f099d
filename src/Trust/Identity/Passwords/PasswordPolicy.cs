using System.Security.Cryptography;
using StreamSpace.Kernel;

namespace StreamSpace.Identity;

/// <summary>
/// What a password must be, after NIST SP 800-63B: long enough, not among those everybody tries first, not one's own name. No rules about
/// kinds of characters and no expiry.
/// </summary>
internal static class PasswordPolicy
{
    public const int Shortest = 8;
    public const int Longest = 128;
    private const string Alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

    /// <summary>Why the password will not do; null when it will.</summary>
    /// <param name="field">The request's field, for the message.</param>
    public static Failure? Check(string field, string password, string username, string? email)
    {
        var length = password.EnumerateRunes().Count();
        if (length is < Shortest or > Longest)
            return Failure.Field(field, $"must have {Shortest} to {Longest} characters.");
        if (password.Distinct().Count() < 4)
            return Failure.Field(field, "must use at least four different characters.");
        if (FirstGuesses.Contains(password))
            return Failure.Field(field, "is one of the passwords that are tried first. Choose another one; a few unrelated words do well.");
        var lower = password.ToLowerInvariant();
        foreach (var own in new[] { username, email?.Split('@')[0] })
        {
            // A name inside a long phrase does no harm; a name with something tacked on does.
            if (own is { Length: >= 3 } && lower.Contains(own.ToLowerInvariant(), StringComparison.Ordinal) && lower.Length - own.Length < 6)
                return Failure.Field(field, "must not be made of your user name or e-mail address.");
        }

        return null;
    }

    /// <summary>A password for one login: 100 random bits, without characters that look alike.</summary>
    public static string Temporary() => string.Join('-', Enumerable.Range(0, 4).Select(_ => RandomNumberGenerator.GetString(Alphabet, 5)));
}
