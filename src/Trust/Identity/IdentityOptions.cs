using System.ComponentModel.DataAnnotations;

namespace StreamSpace.Identity;

/// <summary>Settings of accounts and logins, section <c>Identity</c>.</summary>
public sealed class IdentityOptions
{
    /// <summary>PBKDF2-SHA512 rounds; 210,000 is what OWASP asks for at the least. Raising it re-hashes each password at its next login.</summary>
    [Range(210_000, 10_000_000)]
    public int PasswordIterations { get; set; } = 210_000;

    /// <summary>How long an access token is good for.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "01:00:00")]
    public TimeSpan AccessLifetime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a login lives.</summary>
    [Range(typeof(TimeSpan), "00:10:00", "90.00:00:00")]
    public TimeSpan LoginLifetime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long a login with "remember me" lives.</summary>
    [Range(typeof(TimeSpan), "00:10:00", "365.00:00:00")]
    public TimeSpan RememberedLifetime { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long the refresh token just used still answers with its successor, so that two tabs may refresh at once.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan RefreshGrace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Age at which a signing key hands over to a new one.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "365.00:00:00")]
    public TimeSpan SigningKeyLifetime { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Failed logins of one name before it is slowed down.</summary>
    [Range(1, 100)]
    public int FailuresBeforeDelay { get; set; } = 5;

    /// <summary>The first delay; it doubles with each further failure.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan FirstDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest delay.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan LongestDelay { get; set; } = TimeSpan.FromMinutes(15);
}
