using System.Buffers.Text;
using System.Security.Cryptography;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;

namespace StreamSpace.Streaming.Tickets;

/// <summary>The right to open one stream, once, soon. The database holds its hash only.</summary>
internal sealed class Ticket
{
    private const int SecretBytes = 32;

    public required byte[] Hash { get; init; }

    public required ViewerId ViewerId { get; init; }

    public required SessionId SessionId { get; init; }

    public required UserId UserId { get; init; }

    public required LoginId LoginId { get; init; }

    /// <summary>What was asked for; what the person may at each moment bounds it.</summary>
    public required AccessLevel Level { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Makes a ticket; the secret exists in the answer to the caller and nowhere else.</summary>
    public static (Ticket Ticket, string Secret) Issue(SessionId session, UserId user, LoginId login, AccessLevel level, DateTimeOffset now, TimeSpan lifetime)
    {
        var secret = RandomNumberGenerator.GetBytes(SecretBytes);
        var ticket = new Ticket
        {
            Hash = SHA256.HashData(secret), ViewerId = ViewerId.New(), SessionId = session, UserId = user, LoginId = login, Level = level, ExpiresAt = now + lifetime,
        };
        return (ticket, Base64Url.EncodeToString(secret));
    }

    /// <summary>The hash of a presented secret; null when it cannot be one.</summary>
    public static byte[]? HashOf(string secret)
    {
        Span<byte> bytes = stackalloc byte[SecretBytes];
        return secret.Length == 43 && Base64Url.TryDecodeFromChars(secret, bytes, out var written) && written == SecretBytes ? SHA256.HashData(bytes) : null;
    }

    /// <summary>Whether the ticket opens this session now.</summary>
    public Failure? Refuse(SessionRef session, DateTimeOffset now) =>
        session.Id != SessionId || now >= ExpiresAt ? TicketFailures.Invalid : null;
}

internal static class TicketFailures
{
    /// <summary>One answer for wrong, used, expired and foreign: nothing is to be learned from it.</summary>
    public static readonly Failure Invalid = new(FailureKind.Denied, "TICKET_INVALID", "This ticket is not valid (any more) for this session. Ask for a new one.");
}
