namespace StreamSpace.Client;

/// <summary>A typed client of the public API. Thread-safe; every failure is a <see cref="ClientFailure"/>.</summary>
public sealed class StreamSpaceClient : IDisposable
{
    private readonly HttpClient http;
    private readonly Transport transport;

    /// <summary>A client of one server.</summary>
    /// <param name="server">Address of the server, as a browser would open it.</param>
    /// <param name="tokens">Where tokens are kept; null keeps them in memory.</param>
    /// <param name="handler">Sends the requests; null makes one that verifies certificates and keeps no cookies.</param>
    /// <param name="clock">Tells when a token has ended.</param>
    public StreamSpaceClient(Uri server, ITokenStore? tokens = null, HttpMessageHandler? handler = null, TimeProvider? clock = null)
    {
        var address = server.AbsoluteUri.EndsWith('/') ? server : new Uri(server.AbsoluteUri + "/");
        http = new HttpClient(handler ?? new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            BaseAddress = address,
            Timeout = TimeSpan.FromSeconds(100),
        };
        http.DefaultRequestHeaders.UserAgent.ParseAdd("streamspace-client/" + (typeof(StreamSpaceClient).Assembly.GetName().Version?.ToString(3) ?? "0"));
        transport = new Transport(http, tokens ?? new MemoryTokens(), clock ?? TimeProvider.System);
        Auth = new AuthApi(transport);
        Users = new UsersApi(transport);
        Sessions = new SessionsApi(transport);
        Recordings = new RecordingsApi(transport);
        Templates = new TemplatesApi(transport);
        Images = new ImagesApi(transport);
        System = new SystemApi(transport);
        Live = new LiveApi(transport);
    }

    /// <summary>Where the server is.</summary>
    public Uri Server => transport.Server;

    /// <summary>Set-up, login, logout, who I am.</summary>
    public AuthApi Auth { get; }

    /// <summary>People, for administrators.</summary>
    public UsersApi Users { get; }

    /// <summary>Sessions and their viewers.</summary>
    public SessionsApi Sessions { get; }

    /// <summary>Recordings of sessions.</summary>
    public RecordingsApi Recordings { get; }

    /// <summary>The catalogue.</summary>
    public TemplatesApi Templates { get; }

    /// <summary>Images: building and checking them.</summary>
    public ImagesApi Images { get; }

    /// <summary>The server itself.</summary>
    public SystemApi System { get; }

    /// <summary>What happens, as it happens.</summary>
    public LiveApi Live { get; }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();
}
