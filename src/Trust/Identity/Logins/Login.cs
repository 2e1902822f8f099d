using StreamSpace.Contracts;
using StreamSpace.Contracts.Identity;

namespace StreamSpace.Identity;

/// <summary>An authenticated period of a person on one device; the family of its refresh tokens.</summary>
internal sealed class Login
{
    public required LoginId Id { get; init; }

    public required UserId UserId { get; init; }

    public required string Device { get; init; }

    public string? Address { get; init; }

    public required string Agent { get; init; }

    public bool ByCookie { get; init; }

    public bool Remember { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset LastUsedAt { get; set; }

    public DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? EndedAt { get; private set; }

    public LoginEnd? EndReason { get; private set; }

    public bool Holds(DateTimeOffset now) => EndedAt is null && now < ExpiresAt;

    public void End(LoginEnd reason, DateTimeOffset now)
    {
        EndedAt ??= now;
        EndReason ??= reason;
    }
}
