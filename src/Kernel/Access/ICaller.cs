using StreamSpace.Contracts;

namespace StreamSpace.Kernel;

/// <summary>Who asks. Injected into handlers; background work makes its own with <see cref="Caller.System"/>.</summary>
public interface ICaller
{
    /// <summary>The person; null for anonymous and system callers.</summary>
    UserId? Id { get; }

    /// <summary>The person; a handler behind <c>.Needs(...)</c> always has one.</summary>
    /// <exception cref="InvalidOperationException">Nobody is logged in.</exception>
    UserId UserId { get; }

    /// <summary>Sign-in name, or the system caller's name.</summary>
    string Name { get; }

    /// <summary>The login the request came with; null for system callers.</summary>
    LoginId? Login { get; }

    /// <summary>The person's platform roles.</summary>
    IReadOnlyList<string> Roles { get; }

    /// <summary>True when somebody (or a system caller) stands behind the request.</summary>
    bool IsAuthenticated { get; }

    /// <summary>True when the credentials came in cookies, so that anti-forgery applies.</summary>
    bool ByCookie { get; }

    /// <summary>The address the request came from; null for system callers.</summary>
    string? Address { get; }

    /// <summary>Whether the caller holds a permission.</summary>
    bool May(Permission permission);
}

/// <summary>The one implementation of <see cref="ICaller"/>: plain data, made by authentication or by a worker.</summary>
public sealed class Caller : ICaller
{
    private readonly IReadOnlySet<string> permissions;

    private Caller(UserId? id, string name, LoginId? login, IReadOnlyList<string> roles, IReadOnlySet<string> permissions, bool byCookie, string? address, bool known)
    {
        Id = id;
        Name = name;
        Login = login;
        Roles = roles;
        this.permissions = permissions;
        ByCookie = byCookie;
        Address = address;
        IsAuthenticated = known;
    }

    /// <inheritdoc/>
    public UserId? Id { get; }

    /// <inheritdoc/>
    public UserId UserId => Id ?? throw new InvalidOperationException("Nobody is logged in.");

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public LoginId? Login { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Roles { get; }

    /// <inheritdoc/>
    public bool IsAuthenticated { get; }

    /// <inheritdoc/>
    public bool ByCookie { get; }

    /// <inheritdoc/>
    public string? Address { get; }

    /// <inheritdoc/>
    public bool May(Permission permission) => permissions.Contains(permission.Name);

    /// <summary>A person who is logged in.</summary>
    public static Caller Person(UserId id, string name, LoginId? login, IReadOnlyList<string> roles, IReadOnlySet<string> permissions, bool byCookie, string? address) =>
        new(id, name, login, roles, permissions, byCookie, address, known: true);

    /// <summary>Nobody.</summary>
    public static Caller Anonymous(string? address) => new(null, "", null, [], new HashSet<string>(), false, address, known: false);

    /// <summary>A worker of ours, with the permissions it lists and no others.</summary>
    public static Caller System(string name, params Permission[] permissions) =>
        new(null, name, null, [], permissions.Select(p => p.Name).ToHashSet(StringComparer.Ordinal), false, null, known: true);
}
