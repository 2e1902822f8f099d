using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace StreamSpace.Runtimes.Docker.Engine;

/// <summary>
/// Speaks the Docker Engine API; stands in for the package Docker.DotNet. Nothing here knows what a session is.
/// The version is negotiated once: the engine's own, but none newer than the one this code was read against.
/// </summary>
internal sealed class EngineClient : IDisposable
{
    public static readonly Version Oldest = new(1, 41);
    private static readonly Version Newest = new(1, 47);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly HttpClient _http;
    private volatile string? _version;

    public EngineClient(EngineAddress address)
    {
        Address = address;
        _http = new(new SocketsHttpHandler
        {
            ConnectCallback = async (_, ct) => await address.ConnectAsync(ct),
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
        })
        {
            BaseAddress = new("http://docker"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public EngineAddress Address { get; }

    /// <summary>The version spoken, once negotiated.</summary>
    public string? SpokenVersion => _version;

    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken ct)
    {
        using var response = await SendAsync(HttpMethod.Get, path, null, null, ct);
        return await ReadAsync(response, type, ct);
    }

    public async Task<T> PostAsync<TBody, T>(string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<T> type, CancellationToken ct)
    {
        using var content = Json(body, bodyType);
        using var response = await SendAsync(HttpMethod.Post, path, content, null, ct);
        return await ReadAsync(response, type, ct);
    }

    /// <summary>Sends and waits for the engine's yes; an answer of 304 (it is so already) is a yes.</summary>
    public async Task DoAsync(HttpMethod method, string path, HttpContent? content, CancellationToken ct)
    {
        using var response = await SendAsync(method, path, content, null, ct);
    }

    /// <summary>The answer as it comes; the caller disposes the stream.</summary>
    public async Task<Stream> StreamAsync(HttpMethod method, string path, HttpContent? content, CancellationToken ct)
    {
        var response = await SendAsync(method, path, content, null, ct);
        return await response.Content.ReadAsStreamAsync(ct);
    }

    /// <summary>One JSON object per line, for as long as the engine sends them.</summary>
    public async IAsyncEnumerable<T> LinesAsync<T>(
        HttpMethod method, string path, HttpContent? content, JsonTypeInfo<T> type, [EnumeratorCancellation] CancellationToken ct)
    {
        using var response = await SendAsync(method, path, content, Timeout.InfiniteTimeSpan, ct);
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        await foreach (var line in JsonLines.ReadAsync(stream, type, ct))
            yield return line;
    }

    /// <summary>Turns a request into a raw duplex connection (exec, attach).</summary>
    public async Task<HijackedStream> HijackAsync<TBody>(string path, TBody body, JsonTypeInfo<TBody> bodyType, CancellationToken ct)
    {
        var version = await VersionAsync(ct);
        try
        {
            return await HijackedStream.OpenAsync(Address, $"/v{version}{path}", JsonSerializer.SerializeToUtf8Bytes(body, bodyType), ct);
        }
        catch (Exception e) when (IsTransport(e))
        {
            throw Unreachable(e);
        }
    }

    /// <summary>Asks for a sign of life and the newest version the engine speaks.</summary>
    public async Task<Version> PingAsync(CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/_ping");
        using var response = await SendRawAsync(request, TimeSpan.FromSeconds(3), ct);
        var offered = response.Headers.TryGetValues("Api-Version", out var values) ? values.FirstOrDefault() : null;
        if (!Version.TryParse(offered, out var version))
            throw new EngineFailure(null, $"what answers at {Address} is no Docker engine");
        if (version < Oldest)
            throw new EngineFailure(HttpStatusCode.BadRequest, $"the engine speaks API {version}; StreamSpace needs {Oldest} (Docker 20.10) or newer");
        _version = (version < Newest ? version : Newest).ToString(2);
        return version;
    }

    public void Dispose() => _http.Dispose();

    public static HttpContent Json<TBody>(TBody body, JsonTypeInfo<TBody> type) =>
        new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, type)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, TimeSpan? patience, CancellationToken ct)
    {
        var version = await VersionAsync(ct);
        using var request = new HttpRequestMessage(method, $"/v{version}{path}") { Content = content };
        var response = await SendRawAsync(request, patience ?? Patience, ct);
        if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.NotModified)
            return response;
        using (response)
            throw await FailureAsync(response, ct);
    }

    private async Task<HttpResponseMessage> SendRawAsync(HttpRequestMessage request, TimeSpan patience, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(patience);
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new EngineFailure(null, string.Create(CultureInfo.InvariantCulture, $"the Docker engine at {Address} did not answer within {patience.TotalSeconds:0} s"));
        }
        catch (Exception e) when (IsTransport(e))
        {
            // The next engine behind this address may be another one.
            _version = null;
            throw Unreachable(e);
        }
    }

    private async ValueTask<string> VersionAsync(CancellationToken ct)
    {
        if (_version is null)
            await PingAsync(ct);
        return _version!;
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken ct)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        return await JsonSerializer.DeserializeAsync(stream, type, ct) ?? throw new EngineFailure(response.StatusCode, "the engine answered with nothing");
    }

    private static async Task<EngineFailure> FailureAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var text = await response.Content.ReadAsStringAsync(ct);
        return new(response.StatusCode, EngineMessage.Read(text) ?? $"the engine answered {(int)response.StatusCode}");
    }

    private EngineFailure Unreachable(Exception e) => new(null, $"the Docker engine at {Address} does not answer: {(e.InnerException ?? e).Message}", e);

    private static bool IsTransport(Exception e) => e is HttpRequestException or SocketException or IOException or AuthenticationException;
}
