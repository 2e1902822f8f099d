using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Buffers.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StreamSpace.Kernel;

namespace StreamSpace.Identity;

/// <summary>A key in use: verifies always, signs when its private half could be opened.</summary>
internal sealed class RingKey(string kid, ECDsa key, bool signs, DateTimeOffset signsFrom)
{
    private readonly Lock gate = new();

    public string Kid { get; } = kid;

    public bool Signs { get; } = signs;

    public DateTimeOffset SignsFrom { get; } = signsFrom;

    public ECParameters Public { get; } = key.ExportParameters(includePrivateParameters: false);

    // ECDsa objects promise no thread safety; tokens are signed and verified rarely enough (once each) for a lock.
    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        lock (gate)
            return key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        lock (gate)
            return key.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }
}

/// <summary>
/// The ring of signing keys, shared by all replicas through the database, private halves sealed. A key hands over after its
/// lifetime: its successor is published a while before it signs, and the old one verifies until its last token has expired.
/// </summary>
internal sealed partial class KeyRing(IDbContextFactory<IdentityDb> databases, ISecretBox box, TimeProvider clock, IOptions<IdentityOptions> options, ILogger<KeyRing> log)
{
    private const string Purpose = "identity.signing-key";
    private const long CreationLock = 0x4B_45_59_52;
    private static readonly TimeSpan PublishedBefore = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Freshness = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LeastPause = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim loading = new(1, 1);
    private FrozenDictionary<string, RingKey> keys = FrozenDictionary<string, RingKey>.Empty;
    private DateTimeOffset loadedAt = DateTimeOffset.MinValue;

    /// <summary>The key that signs now.</summary>
    public async ValueTask<RingKey> SignerAsync(CancellationToken ct)
    {
        await FreshenAsync(Freshness, ct);
        return Signer() ?? throw new InvalidOperationException("There is no key to sign with.");
    }

    /// <summary>The key of a token, if it is one of ours. An unknown name is looked up in the database once a second at most, whoever sends it.</summary>
    public async ValueTask<RingKey?> FindAsync(string kid, CancellationToken ct)
    {
        await FreshenAsync(Freshness, ct);
        if (keys.TryGetValue(kid, out var key))
            return key;
        await FreshenAsync(LeastPause, ct);
        return keys.GetValueOrDefault(kid);
    }

    /// <summary>All keys that verify, newest first.</summary>
    public async ValueTask<IReadOnlyList<RingKey>> AllAsync(CancellationToken ct)
    {
        await FreshenAsync(Freshness, ct);
        return [.. keys.Values.OrderByDescending(k => k.SignsFrom)];
    }

    private RingKey? Signer() => keys.Values.Where(k => k.Signs && k.SignsFrom <= clock.GetUtcNow()).MaxBy(k => k.SignsFrom);

    private async ValueTask FreshenAsync(TimeSpan age, CancellationToken ct)
    {
        if (clock.GetUtcNow() - loadedAt < age)
            return;
        await loading.WaitAsync(ct);
        try
        {
            if (clock.GetUtcNow() - loadedAt < age)
                return;
            var began = clock.GetUtcNow();
            await LoadAsync(ct);
            var newest = keys.Values.Where(k => k.Signs).Max(k => (DateTimeOffset?)k.SignsFrom);
            if (newest is null || newest + options.Value.SigningKeyLifetime - PublishedBefore <= clock.GetUtcNow())
            {
                await MakeAsync(newest, ct);
                await LoadAsync(ct);
            }

            // Not before: who comes in the middle has to wait for the first key.
            loadedAt = began;
        }
        finally
        {
            loading.Release();
        }
    }

    private async Task LoadAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(ct);
        var rows = await db.SigningKeys.AsNoTracking().OrderBy(k => k.SignsFrom).ToListAsync(ct);
        var loaded = new List<RingKey>();
        for (var i = 0; i < rows.Count; i++)
        {
            // A key retires when its successor signs; what it signed last is over one access lifetime later.
            if (i + 1 < rows.Count && rows[i + 1].SignsFrom + options.Value.AccessLifetime + PublishedBefore < now)
                continue;
            loaded.Add(keys.TryGetValue(rows[i].Kid, out var known) ? known : Open(rows[i]));
        }

        keys = loaded.ToFrozenDictionary(k => k.Kid, StringComparer.Ordinal);
    }

    private RingKey Open(SigningKey row)
    {
        var key = ECDsa.Create();
        if (box.Open(Purpose, row.SealedPrivate) is { } pkcs8)
        {
            key.ImportPkcs8PrivateKey(Convert.FromBase64String(pkcs8), out _);
            return new(row.Kid, key, signs: true, row.SignsFrom);
        }

        LogUnopened(log, row.Kid);
        key.ImportSubjectPublicKeyInfo(row.PublicKey, out _);
        return new(row.Kid, key, signs: false, row.SignsFrom);
    }

    private async Task MakeAsync(DateTimeOffset? newest, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({CreationLock})", ct);
        if (await db.SigningKeys.AnyAsync(k => newest == null ? k.CreatedAt > now - LeastPause : k.SignsFrom > newest, ct))
            return; // another replica was faster
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        db.Add(new SigningKey
        {
            Kid = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(12)),
            PublicKey = key.ExportSubjectPublicKeyInfo(),
            SealedPrivate = box.Seal(Purpose, Convert.ToBase64String(key.ExportPkcs8PrivateKey())),
            CreatedAt = now,
            SignsFrom = newest is null ? now : now + PublishedBefore,
        });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The signing key {Kid} is sealed with another master key: it verifies, but signs no more")]
    private static partial void LogUnopened(ILogger log, string kid);
}
