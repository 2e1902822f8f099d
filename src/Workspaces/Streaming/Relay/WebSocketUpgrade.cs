using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using StreamSpace.Kernel;

namespace StreamSpace.Streaming.Relay;

/// <summary>Turns a request into a <see cref="ViewerSocket"/>: HTTP/1.1 upgrade (RFC 6455) and HTTP/2 extended CONNECT (RFC 8441).</summary>
internal static class WebSocketUpgrade
{
    /// <summary>Nothing but RFB.</summary>
    private const string Plain = "binary";

    /// <summary>RFB in binary frames, and notes between proxy and viewer in text frames.</summary>
    private const string WithNotes = "streamspace.v1";

    /// <summary>Bytes that the kernel may hold back for a viewer beyond what is under way: half a piece of the relay's.</summary>
    private const int MostUnsent = 128 * 1024;

    private const string Magic = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /// <summary>What is wrong with the request as a WebSocket; null when nothing is.</summary>
    public static Failure? Check(HttpContext context, IEnumerable<string> allowedOrigins)
    {
        var request = context.Request;
        var extended = context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true, Protocol: "websocket" };
        if (!extended && !(context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } && IsWebSocket(request)))
            return new(FailureKind.Invalid, "WEBSOCKET_NEEDED", "This address takes WebSocket connections (version 13) only.");
        if (request.Headers.SecWebSocketProtocol is { Count: > 0 } offered && !Offers(offered.ToString(), Plain) && !Offers(offered.ToString(), WithNotes))
            return new(FailureKind.Invalid, "SUBPROTOCOL_UNKNOWN", "The subprotocols here are 'streamspace.v1' and 'binary'.");
        if (request.Headers.Origin.ToString() is { Length: > 0 } origin && !IsOwn(request, origin) && !allowedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase))
            return new(FailureKind.Denied, "ORIGIN_NOT_ALLOWED", "A page of another site may not open this stream.");
        return null;
    }

    /// <summary>Accepts; only after <see cref="Check"/>.</summary>
    public static async Task<ViewerSocket> AcceptAsync(HttpContext context)
    {
        var offered = context.Request.Headers.SecWebSocketProtocol;
        var notes = offered.Count > 0 && Offers(offered.ToString(), WithNotes);
        if (offered.Count > 0)
            context.Response.Headers.SecWebSocketProtocol = notes ? WithNotes : Plain;
        if (context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } connect)
            return new(await connect.AcceptAsync(), null, context.RequestAborted) { Notes = notes };
        context.Response.Headers.Connection = "Upgrade";
        context.Response.Headers.Upgrade = "websocket";
        context.Response.Headers.SecWebSocketAccept = Accept(context.Request.Headers.SecWebSocketKey.ToString());
        var stream = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
        KeepQueueShort(context.Features.Get<IConnectionSocketFeature>()?.Socket);
        return new(stream, PlainSocket(context), context.RequestAborted) { Notes = notes };
    }

    /// <summary>The connection's own socket when nothing (TLS) stands between it and the stream.</summary>
    private static Socket? PlainSocket(HttpContext context) =>
        context.Request.IsHttps || context.Features.Get<ITlsHandshakeFeature>() is not null ? null : context.Features.Get<IConnectionSocketFeature>()?.Socket;

    /// <summary>
    /// The kernel would take megabytes that the line does not carry, and a slow viewer would see pictures of half a minute ago. So it takes little more than is
    /// under way (TCP_NOTSENT_LOWAT, tcp(7)); the rest waits with the display, which then draws what is true by then.
    /// </summary>
    private static void KeepQueueShort(Socket? socket)
    {
        const int Tcp = 6, NotSentLowWater = 25;
        if (socket is null || !OperatingSystem.IsLinux())
            return;
        try
        {
            socket.SetRawSocketOption(Tcp, NotSentLowWater, BitConverter.GetBytes(MostUnsent));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is a comfort; or the viewer is gone already.
        }
    }

    private static bool IsWebSocket(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && string.Equals(request.Headers.Upgrade.ToString(), "websocket", StringComparison.OrdinalIgnoreCase)
        && request.Headers.SecWebSocketVersion == "13"
        && request.Headers.SecWebSocketKey.ToString() is { Length: 24 };

    private static bool Offers(string protocols, string protocol) => protocols.Split(',').Any(p => p.AsSpan().Trim().SequenceEqual(protocol));

    private static bool IsOwn(HttpRequest request, string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && string.Equals(uri.Authority, Authority(request), StringComparison.OrdinalIgnoreCase);

    private static string Authority(HttpRequest request)
    {
        // Uri leaves default ports out of the authority; a Host header may name them.
        var host = request.Host;
        return host.Port is null or 80 or 443 ? host.Host : host.Value ?? "";
    }

    // SHA-1 is what RFC 6455 demands; it protects nothing here.
#pragma warning disable CA5350
    private static string Accept(string key) => Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + Magic)));
#pragma warning restore CA5350
}
