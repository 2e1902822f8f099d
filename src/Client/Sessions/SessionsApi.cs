using System.Globalization;

namespace StreamSpace.Client;

/// <summary>Which sessions to list; null means any.</summary>
/// <param name="Phase">What they are.</param>
/// <param name="Template">What they were launched from.</param>
/// <param name="Owner">Whose they are, for administrators.</param>
/// <param name="Search">Text in name or template.</param>
public sealed record SessionFilter(string? Phase = null, string? Template = null, string? Owner = null, string? Search = null);

/// <summary>Sessions and their viewers. A session is named by its id, or by its name where it is the caller's own.</summary>
public sealed class SessionsApi
{
    private readonly Transport transport;

    internal SessionsApi(Transport transport) => this.transport = transport;

    /// <summary>One page of sessions.</summary>
    public Task<Page<Session>> ListAsync(SessionFilter filter, string? cursor, int limit, CancellationToken ct) =>
        transport.GetAsync<Page<Session>>(
            Query.Of("api/v1/sessions", ("phase", filter.Phase), ("template", filter.Template), ("owner", filter.Owner), ("search", filter.Search), ("cursor", cursor), ("limit", limit.ToString(CultureInfo.InvariantCulture))), ct);

    /// <summary>One session.</summary>
    public Task<Session> GetAsync(string session, CancellationToken ct) => transport.GetAsync<Session>(Path(session), ct);

    /// <summary>Launches a session; answers as soon as the wish is recorded.</summary>
    public Task<Session> CreateAsync(NewSession session, CancellationToken ct) => transport.PostAsync<Session>("api/v1/sessions", session, ct);

    /// <summary>Pauses its processes.</summary>
    public Task<Session> FreezeAsync(string session, CancellationToken ct) => ActAsync(session, "freeze", ct);

    /// <summary>The processes inside it.</summary>
    public async Task<IReadOnlyList<SessionProcess>> ProcessesAsync(string session, CancellationToken ct) =>
        (await transport.GetAsync<Page<SessionProcess>>($"api/v1/sessions/{Query.Escape(session)}/processes", ct)).Items;

    /// <summary>Ends its processes and keeps its home.</summary>
    public Task<Session> HibernateAsync(string session, CancellationToken ct) => ActAsync(session, "hibernate", ct);

    /// <summary>Brings it back.</summary>
    public Task<Session> WakeAsync(string session, CancellationToken ct) => ActAsync(session, "wake", ct);

    /// <summary>Hibernates and wakes it.</summary>
    public Task<Session> RestartAsync(string session, CancellationToken ct) => ActAsync(session, "restart", ct);

    /// <summary>Ends it for good.</summary>
    public Task DeleteAsync(string session, CancellationToken ct) => transport.SendAsync(HttpMethod.Delete, Path(session), null, ct);

    /// <summary>How to reach its display.</summary>
    public Task<SessionConnection> ConnectionAsync(string session, CancellationToken ct) => transport.GetAsync<SessionConnection>(Path(session) + "/connect", ct);

    /// <summary>A ticket for its display; wakes it if need be.</summary>
    public Task<ViewerTicket> OpenViewerAsync(string session, string? level, CancellationToken ct) => transport.PostAsync<ViewerTicket>(Path(session) + "/viewers", new { level }, ct);

    /// <summary>Gives a person access, or other access than they have.</summary>
    public Task<Share> ShareAsync(string session, NewShare share, CancellationToken ct) => transport.PostAsync<Share>(Path(session) + "/share", share, ct);

    /// <summary>One page of those it is shared with.</summary>
    public Task<Page<Share>> SharesAsync(string session, string? cursor, CancellationToken ct) =>
        transport.GetAsync<Page<Share>>(Query.Of(Path(session) + "/shares", ("cursor", cursor), ("limit", "200")), ct);

    /// <summary>Ends somebody's access, or leaves.</summary>
    public Task EndShareAsync(string session, string share, CancellationToken ct) => transport.SendAsync(HttpMethod.Delete, Path(session) + "/shares/" + Query.Escape(share), null, ct);

    /// <summary>Its log, as it was written.</summary>
    /// <param name="session">Id or name.</param>
    /// <param name="tail">How many of the last lines; null: all.</param>
    /// <param name="follow">True: the stream goes on until cancelled or the session ends.</param>
    /// <param name="ct">Ends the stream.</param>
    public async Task<Stream> LogsAsync(string session, int? tail, bool follow, CancellationToken ct)
    {
        var path = Query.Of(Path(session) + "/logs", ("tail", tail?.ToString(CultureInfo.InvariantCulture)), ("follow", follow ? "true" : null));
        var answer = await transport.SendAsync(HttpMethod.Get, path, null, HttpCompletionOption.ResponseHeadersRead, ct);
        return await answer.Content.ReadAsStreamAsync(ct);
    }

    private static string Path(string session) => "api/v1/sessions/" + Query.Escape(session);

    private Task<Session> ActAsync(string session, string verb, CancellationToken ct) => transport.PostAsync<Session>(Path(session) + "/" + verb, new { }, ct);
}
