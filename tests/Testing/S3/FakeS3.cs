using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace StreamSpace.Testing.S3;

/// <summary>What the server does wrong with one request.</summary>
public enum S3Fault
{
    /// <summary>503 SlowDown.</summary>
    SlowDown,

    /// <summary>500 InternalError.</summary>
    InternalError,

    /// <summary>The connection breaks in the middle of the body, whichever way it goes.</summary>
    Cut,

    /// <summary>The bytes that are answered or kept are not those that are there or came.</summary>
    Corrupt,

    /// <summary>Nothing is answered until the client goes away.</summary>
    Hang,
}

/// <summary>One object.</summary>
public sealed record S3Object(byte[] Content, string Md5, string? Sha256, string? Encryption);

/// <summary>
/// A small S3 server for tests, written from the documented protocol: path style, one bucket, signatures and digests really checked, PutObject,
/// GetObject with Range and If-Match, HeadObject, DeleteObject. Bodies in signed chunks and multipart uploads answer 501: the product sends none.
/// It can go away, be slow, and do wrong.
/// </summary>
public sealed class FakeS3 : IAsyncDisposable
{
    /// <summary>Id of the key it knows.</summary>
    public const string AccessKey = "AKIATESTINGONLY00001";

    /// <summary>Secret of that key.</summary>
    public const string SecretKey = "a/secret+that-no-log-may-show-0123456789";

    /// <summary>The one bucket.</summary>
    public const string Bucket = "recordings-of-tests";

    private WebApplication? _app;

    private FakeS3()
    {
    }

    /// <summary>Where it listens; the same again after it was away.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>What it keeps, by key; outlives being away.</summary>
    public ConcurrentDictionary<string, S3Object> Objects { get; } = new(StringComparer.Ordinal);

    /// <summary>Every request that was answered: method and key, newest last.</summary>
    public ConcurrentQueue<string> Seen { get; } = new();

    /// <summary>Asked for each request: what goes wrong with it.</summary>
    public Func<HttpRequest, S3Fault?>? Fault { get; set; }

    /// <summary>How long each answer takes.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Objects of segments, without probes.</summary>
    public IReadOnlyList<string> Segments => [.. Objects.Keys.Where(k => k.EndsWith(".segment", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>Starts one on a port of its own.</summary>
    public static async Task<FakeS3> StartAsync()
    {
        var server = new FakeS3();
        await server.ListenAsync("http://127.0.0.1:0");
        server.Address = new(server._app!.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return server;
    }

    /// <summary>Settings that make a server keep its recordings here.</summary>
    public void Configure(TestAppOptions options)
    {
        options.Settings["Recordings:Store"] = "s3";
        options.Settings["Recordings:S3:Endpoint"] = Address.ToString().TrimEnd('/');
        options.Settings["Recordings:S3:Bucket"] = Bucket;
        options.Settings["Recordings:S3:Prefix"] = "tests/rec";
        options.Settings["Recordings:S3:AccessKey"] = AccessKey;
        options.Settings["Recordings:S3:SecretKey"] = SecretKey;
    }

    /// <summary>Nothing listens any more; open connections break.</summary>
    public async Task GoAwayAsync()
    {
        if (_app is not { } app)
            return;
        _app = null;
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }

    /// <summary>Listens again, with the objects it had.</summary>
    public Task ComeBackAsync() => ListenAsync(Address.ToString());

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await GoAwayAsync();

    private async Task ListenAsync(string address)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(k => k.Limits.MaxRequestBodySize = null);
        builder.WebHost.UseUrls(address);
        var app = builder.Build();
        app.Run(HandleAsync);
        await app.StartAsync();
        _app = app;
    }

    private async Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        var path = request.Path.Value!.TrimStart('/').Split('/', 2);
        if (Delay > TimeSpan.Zero)
            await Task.Delay(Delay, context.RequestAborted);
        var fault = Fault?.Invoke(request);
        if (fault == S3Fault.Hang)
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var problem = fault switch
        {
            S3Fault.SlowDown => (503, "SlowDown"),
            S3Fault.InternalError => (500, "InternalError"),
            _ => S3Signature.Problem(request, AccessKey, SecretKey, TimeProvider.System.GetUtcNow()) is { } code ? (403, code)
                : path[0] != Bucket ? (404, "NoSuchBucket")
                : path.Length < 2 || path[1].Length == 0 || request.Query.Any(q => q.Key != "x-id") ? (501, "NotImplemented")
                : default((int, string)?),
        };
        Seen.Enqueue($"{request.Method} {(path.Length > 1 ? path[1] : "")}{(request.Headers.Range.Count > 0 ? " " + request.Headers.Range : "")}");
        if (problem is { } wrong)
            await RefuseAsync(context, wrong.Item1, wrong.Item2);
        else if (request.Method == "PUT")
            await PutAsync(context, path[1], fault);
        else if (request.Method == "DELETE")
        {
            Objects.TryRemove(path[1], out _);
            context.Response.StatusCode = 204;
        }
        else if (request.Method is "GET" or "HEAD")
            await GetAsync(context, path[1], fault);
        else
            await RefuseAsync(context, 405, "MethodNotAllowed");
    }

    private async Task PutAsync(HttpContext context, string key, S3Fault? fault)
    {
        var said = context.Request.Headers["x-amz-content-sha256"].ToString();
        if (said.Length != 64)
        {
            await RefuseAsync(context, 501, "NotImplemented");
            return;
        }
        if (fault == S3Fault.Cut)
        {
            _ = await context.Request.Body.ReadAtLeastAsync(new byte[100], 100, throwOnEndOfStream: false, context.RequestAborted);
            context.Abort();
            return;
        }
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var content = body.ToArray();
#pragma warning disable CA5351 // what the protocol asks for
        var md5 = MD5.HashData(content);
#pragma warning restore CA5351
        var sha256 = SHA256.HashData(content);
        var checksum = context.Request.Headers["x-amz-checksum-sha256"].ToString();
        if (Convert.ToHexStringLower(sha256) != said)
            await RefuseAsync(context, 400, "XAmzContentSHA256Mismatch");
        else if (context.Request.Headers.ContentMD5.ToString() is { Length: > 0 } wanted && wanted != Convert.ToBase64String(md5))
            await RefuseAsync(context, 400, "BadDigest");
        else if (checksum.Length > 0 && checksum != Convert.ToBase64String(sha256))
            await RefuseAsync(context, 400, "BadDigest");
        else
        {
            var encryption = context.Request.Headers["x-amz-server-side-encryption"].ToString() is { Length: > 0 } e ? e : null;
            if (fault == S3Fault.Corrupt) // a disk that lies, and hashes what it has
            {
                content[^1] ^= 1;
#pragma warning disable CA5351
                (md5, checksum) = (MD5.HashData(content), "");
#pragma warning restore CA5351
            }
            Objects[key] = new(content, Convert.ToHexStringLower(md5), checksum.Length > 0 ? checksum : null, encryption);
            context.Response.Headers.ETag = $"\"{Objects[key].Md5}\"";
        }
    }

    private async Task GetAsync(HttpContext context, string key, S3Fault? fault)
    {
        var (request, response) = (context.Request, context.Response);
        if (!Objects.TryGetValue(key, out var found))
        {
            await RefuseAsync(context, 404, "NoSuchKey");
            return;
        }
        if (request.Headers.IfMatch.ToString().Trim('"') is { Length: > 0 } wanted && wanted != found.Md5)
        {
            await RefuseAsync(context, 412, "PreconditionFailed");
            return;
        }
        var content = found.Content.AsMemory();
        if (RangeHeaderValue.TryParse(request.Headers.Range.ToString(), out var range) && range.Ranges.Single() is { From: { } from } part)
        {
            var to = Math.Min(part.To ?? content.Length - 1, content.Length - 1);
            response.StatusCode = 206;
            response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{to}/{content.Length}");
            content = content[(int)from..((int)to + 1)];
        }
        response.Headers.ETag = $"\"{found.Md5}\"";
        response.ContentLength = content.Length;
        if (found.Sha256 is not null && request.Headers["x-amz-checksum-mode"] == "ENABLED")
            response.Headers["x-amz-checksum-sha256"] = found.Sha256;
        if (found.Encryption is not null)
            response.Headers["x-amz-server-side-encryption"] = found.Encryption;
        if (request.Method == "HEAD")
            return;
        if (fault == S3Fault.Cut)
        {
            await response.Body.WriteAsync(content[..(content.Length / 2)]);
            await response.Body.FlushAsync();
            context.Abort();
            return;
        }
        var bytes = content.ToArray();
        if (fault == S3Fault.Corrupt)
            bytes[bytes.Length / 2] ^= 1;
        await response.Body.WriteAsync(bytes);
    }

    private static async Task RefuseAsync(HttpContext context, int status, string code)
    {
        context.Response.StatusCode = status;
        if (context.Request.Method == "HEAD")
            return;
        context.Response.ContentType = "application/xml";
        await context.Response.WriteAsync($"<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>{code}</Code><Message>{WebUtility.HtmlEncode(code)} by the tests' server.</Message><RequestId>1</RequestId></Error>");
    }
}
