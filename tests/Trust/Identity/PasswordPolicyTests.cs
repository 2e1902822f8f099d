using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using StreamSpace.Identity;
using IdentityOptions = StreamSpace.Identity.IdentityOptions;

namespace StreamSpace.Trust.Tests.Identity;

public sealed class PasswordPolicyTests
{
    [Theory]
    [InlineData("seven77")]
    [InlineData("password")]
    [InlineData("Passw0rd123!")]
    [InlineData("P@$$w0rd2024")]
    [InlineData("Sommer2025!")]
    [InlineData("qwertyuiop")]
    [InlineData("1q2w3e4r5t")]
    [InlineData("iloveyou12")]
    [InlineData("12345678")]
    [InlineData("87654321")]
    [InlineData("abcdefghij")]
    [InlineData("aaaaaaaaaa")]
    [InlineData("ababababab")]
    [InlineData("20251121")]
    [InlineData("monkeymonkey")]
    [InlineData("streamspace1")]
    [InlineData("St3v3n!!!")]
    [InlineData("rosalind99")]
    [InlineData("99.rosalind")]
    [InlineData("r.franklin1")]
    public void What_is_tried_first_is_refused(string password) =>
        Assert.NotNull(PasswordPolicy.Check("password", password, "rosalind", "r.franklin@example.org"));

    [Theory]
    [InlineData("correct horse battery 9")]
    [InlineData("kettle-Marble-17-fog")]
    [InlineData("xK4#mmq9")]
    [InlineData("пароль длинный и редкий")]
    [InlineData("🦉🪵🧶🫖🪐🧊🛶🪁")]
    [InlineData("rosalind keeps bees on tuesday")]
    public void What_nobody_tries_first_is_taken(string password) =>
        Assert.Null(PasswordPolicy.Check("password", password, "rosalind", "r.franklin@example.org"));

    [Fact]
    public void A_password_may_have_128_characters_and_no_more()
    {
        var letters = string.Concat(Enumerable.Range(0, 128).Select(i => (char)('a' + (i * 7 % 26))));
        Assert.Null(PasswordPolicy.Check("password", letters, "rosalind", null));
        Assert.NotNull(PasswordPolicy.Check("password", letters + "x", "rosalind", null));
    }

    [Fact]
    public void Temporary_passwords_pass_the_policy_and_never_repeat()
    {
        var made = Enumerable.Range(0, 1000).Select(_ => PasswordPolicy.Temporary()).ToList();
        Assert.Equal(1000, made.Distinct().Count());
        Assert.All(made, p => Assert.Null(PasswordPolicy.Check("password", p, "rosalind", null)));
    }

    [Fact]
    public async Task A_hash_made_with_fewer_rounds_is_right_but_due_for_renewal()
    {
        using var passwords = new Passwords(Options.Create(new IdentityOptions()));
        var weak = new PasswordHasher<User>(Options.Create(new PasswordHasherOptions { IterationCount = 10_000 })).HashPassword(null!, "kettle-Marble-17");
        Assert.Equal(PasswordCheck.RightButWeaklyHashed, await passwords.CheckAsync(weak, "kettle-Marble-17", default));
        Assert.Equal(PasswordCheck.Wrong, await passwords.CheckAsync(weak, "kettle-Marble-18", default));
        Assert.Equal(PasswordCheck.Right, await passwords.CheckAsync(await passwords.HashAsync("kettle-Marble-17", default), "kettle-Marble-17", default));
        Assert.Equal(PasswordCheck.Wrong, await passwords.CheckAsync(null, "nobody's password", default));
    }
}
