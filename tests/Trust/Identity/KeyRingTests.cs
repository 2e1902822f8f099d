using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StreamSpace.Identity;
using StreamSpace.Kernel;
using StreamSpace.Testing;
using IdentityOptions = StreamSpace.Identity.IdentityOptions;

namespace StreamSpace.Trust.Tests.Identity;

public sealed class KeyRingTests
{
    [Fact]
    public async Task A_key_hands_over_after_its_time_is_known_before_it_signs_and_verifies_until_its_last_token_is_over()
    {
        await using var app = await TestApp.StartAsync(o => o.WithAdmin = false);
        var clock = new HandClock();
        var one = Ring(app, clock);
        var two = Ring(app, clock);
        var first = await one.SignerAsync(default);
        Assert.Equal(first.Kid, (await two.SignerAsync(default)).Kid);

        // Ten minutes before its time is over, the successor is there for everybody to read, and does not sign yet.
        clock.Now += TimeSpan.FromDays(30) - TimeSpan.FromMinutes(9);
        Assert.Equal(first.Kid, (await one.SignerAsync(default)).Kid);
        var published = await two.AllAsync(default);
        Assert.Equal(2, published.Count);
        var second = published[0];

        clock.Now += TimeSpan.FromMinutes(11);
        Assert.Equal(second.Kid, (await one.SignerAsync(default)).Kid);
        Assert.Equal(second.Kid, (await two.SignerAsync(default)).Kid);
        Assert.NotNull(await one.FindAsync(first.Kid, default));

        clock.Now += TimeSpan.FromMinutes(40);
        Assert.Null(await one.FindAsync(first.Kid, default));
        Assert.NotNull(await one.FindAsync(second.Kid, default));
        Assert.Single(await one.AllAsync(default));
    }

    [Fact]
    public async Task Who_comes_while_the_first_key_is_made_waits_for_it()
    {
        await using var app = await TestApp.StartAsync(o => o.WithAdmin = false);
        var ring = Ring(app, new HandClock());
        var callers = new List<Task<RingKey>> { ring.SignerAsync(default).AsTask() };
        while (!callers[0].IsCompleted)
        {
            callers.Add(ring.SignerAsync(default).AsTask());
            await Task.Yield();
        }

        var signers = await Task.WhenAll(callers);
        Assert.Single(signers.Select(s => s.Kid).Distinct());
    }

    [Fact]
    public async Task Unknown_names_ask_the_database_once_a_second_however_many_come()
    {
        await using var app = await TestApp.StartAsync(o => o.WithAdmin = false);
        var clock = new HandClock();
        var counted = new CountedFactory(app.Services.GetRequiredService<IDbContextFactory<IdentityDb>>());
        var ring = new KeyRing(counted, app.Services.GetRequiredService<ISecretBox>(), clock, Options.Create(new IdentityOptions()), NullLogger<KeyRing>.Instance);
        await ring.SignerAsync(default);
        clock.Now += TimeSpan.FromSeconds(2);
        var before = counted.Made;
        for (var i = 0; i < 1000; i++)
            Assert.Null(await ring.FindAsync($"nobody-{i}", default));
        Assert.Equal(before + 1, counted.Made);
    }

    [Fact]
    public async Task With_another_master_key_new_tokens_are_signed_by_a_new_key()
    {
        await using var app = await TestApp.StartAsync(o => o.WithAdmin = false);
        var clock = new HandClock();
        var first = await Ring(app, clock).SignerAsync(default);
        clock.Now += TimeSpan.FromMinutes(6);
        var other = new KeyRing(app.Services.GetRequiredService<IDbContextFactory<IdentityDb>>(), new OtherBox(), clock, Options.Create(new IdentityOptions()), NullLogger<KeyRing>.Instance);
        Assert.NotEqual(first.Kid, (await other.SignerAsync(default)).Kid);
        Assert.NotNull(await other.FindAsync(first.Kid, default));
    }

    [Fact]
    public async Task No_private_key_is_readable_in_the_database()
    {
        await using var app = await TestApp.StartAsync(o => o.WithAdmin = false);
        await using var db = await app.Services.GetRequiredService<IDbContextFactory<IdentityDb>>().CreateDbContextAsync();
        var kept = await db.SigningKeys.AsNoTracking().FirstAsync();
        using var key = System.Security.Cryptography.ECDsa.Create();
        Assert.ThrowsAny<Exception>(() => key.ImportPkcs8PrivateKey(Convert.FromBase64String(kept.SealedPrivate.Replace('-', '+').Replace('_', '/').PadRight((kept.SealedPrivate.Length + 3) / 4 * 4, '=')), out _));
    }

    private static KeyRing Ring(TestApp app, TimeProvider clock) => new(
        app.Services.GetRequiredService<IDbContextFactory<IdentityDb>>(), app.Services.GetRequiredService<ISecretBox>(), clock, Options.Create(new IdentityOptions()), NullLogger<KeyRing>.Instance);

    private sealed class OtherBox : ISecretBox
    {
        public string Seal(string purpose, string secret) => "other:" + secret;

        public string? Open(string purpose, string sealedSecret) => sealedSecret.StartsWith("other:", StringComparison.Ordinal) ? sealedSecret[6..] : null;
    }

    private sealed class CountedFactory(IDbContextFactory<IdentityDb> inner) : IDbContextFactory<IdentityDb>
    {
        public int Made { get; private set; }

        public IdentityDb CreateDbContext()
        {
            Made++;
            return inner.CreateDbContext();
        }
    }
}

/// <summary>A clock that stands still until it is moved.</summary>
internal sealed class HandClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = System.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => Now;
}
