using System.Diagnostics;
using Microsoft.Extensions.Options;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Dlp;
using StreamSpace.Dlp;

namespace StreamSpace.Trust.Tests.Dlp;

/// <summary>What detectors must find and what they must leave alone. Secrets are put together here, so that no scanner takes this file for a leak.</summary>
public sealed class DetectorTests
{
    private static readonly PolicyRef By = new(DlpPolicyId.New(), "test", DlpSeverity.High);
    private readonly ContentInspector _inspector = new(Options.Create(new DlpOptions()));

    [Theory]
    [InlineData("4111111111111111")]
    [InlineData("my card: 4111 1111 1111 1111, thanks")]
    [InlineData("4111-1111-1111-1111")]
    [InlineData("4111 1111 1111 1111 12/28 123")]
    [InlineData("no. 7 5500 0000 0000 0004")]
    [InlineData("2223003122003222")]
    [InlineData("378282246310005")]
    [InlineData("3782 822463 10005")]
    [InlineData("6011111111111117")]
    [InlineData("3530111333300000")]
    [InlineData("30569309025904")]
    [InlineData("6759649826438453")]
    [InlineData("\"pan\":\"4012888888881881\"")]
    public void Payment_cards_are_found(string text) => Assert.NotNull(Look(ContentDetector.PaymentCard, text));

    [Theory]
    [InlineData("4111111111111112")] // check digit
    [InlineData("1234567812345670")] // right by Luhn, but nobody issues it
    [InlineData("0000000000000000")]
    [InlineData("order 41111111111111119999")] // longer number
    [InlineData("a4111111111111111")]
    [InlineData("4111 1111 1111")]
    [InlineData("2026-11-25 22:12:33 +0000")]
    [InlineData("tel. +49 30 901820 and +44 20 7946 0958")]
    [InlineData("550e8400-e29b-41d4-a716-446655440000")]
    [InlineData("3.14159265358979323846")]
    [InlineData("192.168.100.200 10.20.30.40")]
    [InlineData("")]
    public void What_is_no_card_is_left_alone(string text) => Assert.Null(Look(ContentDetector.PaymentCard, text));

    [Theory]
    [InlineData("DE89370400440532013000")]
    [InlineData("Please pay to DE89 3704 0044 0532 0130 00 please")]
    [InlineData("gb82 west 1234 5698 7654 32")]
    [InlineData("FR1420041010050500013M02606,")]
    [InlineData("NO9386011117947")]
    [InlineData("IBAN:CH9300762011623852957.")]
    public void Ibans_are_found(string text) => Assert.NotNull(Look(ContentDetector.Iban, text));

    [Theory]
    [InlineData("DE88370400440532013000")] // check digits
    [InlineData("XX89370400440532013000")]
    [InlineData("DE8937040044053201300")]
    [InlineData("DE893704004405320130001")]
    [InlineData("DE is a country; 89 is a number")]
    [InlineData("NODE89370400440532013000")]
    public void What_is_no_iban_is_left_alone(string text) => Assert.Null(Look(ContentDetector.Iban, text));

    [Theory]
    [InlineData("write to ada.lovelace+x@example.co.uk today")]
    [InlineData("<bob@example.org>")]
    public void Email_addresses_are_found(string text) => Assert.NotNull(Look(ContentDetector.Email, text));

    [Theory]
    [InlineData("@decorator")]
    [InlineData("user@localhost")]
    [InlineData("a @ b.com")]
    [InlineData("npm i @scope/package@1.2.3")]
    public void What_is_no_address_is_left_alone(string text) => Assert.Null(Look(ContentDetector.Email, text));

    [Fact]
    public void Private_keys_are_found_and_public_ones_left_alone()
    {
        foreach (var kind in new[] { "", "RSA ", "EC ", "OPENSSH ", "ENCRYPTED " })
            Assert.NotNull(Look(ContentDetector.PrivateKey, $"x\n-----BEGIN {kind}PRIVATE " + "KEY-----\nMIIE"));
        Assert.NotNull(Look(ContentDetector.PrivateKey, "PuTTY-User-Key-" + "File-3: ssh-ed25519"));
        Assert.NotNull(Look(ContentDetector.PrivateKey, "-----BEGIN PGP PRIVATE " + "KEY BLOCK-----"));
        foreach (var harmless in new[] { "-----BEGIN PUBLIC KEY-----", "-----BEGIN CERTIFICATE-----", "ssh-ed25519 AAAAC3Nza ada", "a private key - is what you need" })
            Assert.Null(Look(ContentDetector.PrivateKey, harmless));
    }

    [Fact]
    public void Secrets_are_found_and_code_about_them_left_alone()
    {
        string[] secrets =
        [
            "AKIA" + "IOSFODNN7EXAMPLE", "ghp" + "_16C7e42F292c6912E7710c838347Ae178B4a", "glpat" + "-x1y2z3A4B5C6D7E8F9G0", "xoxb" + "-123456789012-abcdefGHIJ",
            "AIza" + "SyD-1234567890abcdefghijklmnopqrstu", "password" + " = 'k9#vQ2!mZx'", "API_KEY" + "=9f8e7d6c5b4a39281706", "\"client_secret\"" + ": \"aB3-dE6_gH9.jK2\"",
            "postgres" + "://app:s3cr3tpass@db.example.org/app", "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0NTY3ODkwIn0" + ".dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U", "Passwort" + ": 7Zwerge&Riesen",
        ];
        foreach (var secret in secrets)
            Assert.True(Look(ContentDetector.Secret, "so: " + secret + "\n") is not null, secret);
        string[] harmless =
        [
            "password = getPassword()", "token: $TOKEN_FROM_ENV", "password: <your password here>", "const secret = readSecret", "the password is secret", "api_key={{ api_key }}",
            "https://example.org:8443/path", "passwordless login is on", "token=aaaaaaaaaaaa", "secret: ************",
        ];
        foreach (var text in harmless)
            Assert.True(Look(ContentDetector.Secret, text) is null, text);
    }

    [Fact]
    public void Matches_are_counted()
    {
        Assert.Equal(3, Look(ContentDetector.PaymentCard, "4111111111111111, 5500 0000 0000 0004\n378282246310005")!.Matches);
        Assert.Equal(100, Look(ContentDetector.Email, string.Concat(Enumerable.Repeat("a@example.org ", 5000)))!.Matches);
    }

    [Theory]
    [InlineData("(a+)+$")] // without backtracking: linear
    [InlineData("^(?=(a+)+$)b")] // look-around: backtracks, and is stopped
    [InlineData("(a*)*\\1c")] // back reference: the same
    public void A_pattern_that_explodes_is_stopped_and_does_not_let_pass(string pattern)
    {
        var rule = new ContentRule("evil", null, pattern, ContentAction.Block, By);
        var text = new string('a', 100_000) + "!";
        var watch = Stopwatch.StartNew();
        var found = _inspector.First([rule, rule, rule], text);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(3), $"took {watch.Elapsed}");
        if (pattern.Contains("?=", StringComparison.Ordinal))
            Assert.True(found is { TimedOut: true });
    }

    [Fact]
    public void A_block_goes_before_a_warning_and_the_first_of_equals_counts()
    {
        ContentRule warn = new("w", null, "x", ContentAction.Warn, By), first = new("b1", null, "y", ContentAction.Block, By), second = new("b2", null, "x", ContentAction.Block, By);
        Assert.Equal("b2", _inspector.First([warn, first, second], "x")!.Rule.Name);
        Assert.Equal("b1", _inspector.First([warn, first, second], "xy")!.Rule.Name);
        Assert.Equal("w", _inspector.First([warn, first], "x")!.Rule.Name);
        Assert.Null(_inspector.First([warn, first], "z"));
    }

    [Fact]
    public void Large_texts_are_looked_through_quickly()
    {
        var text = string.Concat(Enumerable.Repeat("Lorem 12 ipsum 4111 dolor a@b sit pass=x 2026-11-25 ", 80_000)); // 4 MB
        var rules = Enum.GetValues<ContentDetector>().Select(d => new ContentRule("d", d, null, ContentAction.Block, By)).ToList();
        var watch = Stopwatch.StartNew();
        Assert.Null(_inspector.First(rules, text));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(4), $"took {watch.Elapsed}");
    }

    private ContentFinding? Look(ContentDetector detector, string text) => _inspector.First([new ContentRule("d", detector, null, ContentAction.Block, By)], text);
}
