namespace StreamSpace.Client;

/// <summary>People, for administrators.</summary>
public sealed class UsersApi
{
    private readonly Transport transport;

    internal UsersApi(Transport transport) => this.transport = transport;

    /// <summary>One page of people.</summary>
    public Task<Page<User>> ListAsync(string? cursor, int limit, CancellationToken ct) =>
        transport.GetAsync<Page<User>>(Query.Of("api/v1/users", ("cursor", cursor), ("limit", limit.ToString(System.Globalization.CultureInfo.InvariantCulture))), ct);

    /// <summary>Creates an account.</summary>
    public async Task<User> CreateAsync(NewUser user, CancellationToken ct) => (await transport.PostAsync<CreatedUser>("api/v1/users", user, ct)).User;

    /// <summary>Deletes an account.</summary>
    public Task DeleteAsync(string id, CancellationToken ct) => transport.SendAsync(HttpMethod.Delete, "api/v1/users/" + Query.Escape(id), null, ct);
}
