using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace StreamSpace.Runtimes.Docker.Engine;

/// <summary>Where the engine is, as DOCKER_HOST writes it, and how a connection to it is opened.</summary>
internal sealed class EngineAddress
{
    private readonly string? _socket;
    private readonly DnsEndPoint? _endpoint;
    private readonly string? _certificates;

    private EngineAddress(string? socket, DnsEndPoint? endpoint, string? certificates) =>
        (_socket, _endpoint, _certificates) = (socket, endpoint, certificates);

    /// <summary>The engine shares this machine's network, so a container's own address can be dialled.</summary>
    public bool IsLocal => _socket is not null;

    /// <summary>The machine the engine's published ports are on.</summary>
    public string Host => _endpoint?.Host ?? "127.0.0.1";

    public static EngineAddress Parse(string text, string? certificates)
    {
        if (text.StartsWith("unix://", StringComparison.Ordinal))
            return new(text["unix://".Length..], null, null);
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("tcp" or "http" or "https") || uri.Host.Length == 0)
            throw new FormatException($"the engine's address must look like unix:///run/docker.sock or tcp://host:2376, not '{text}'");
        var secure = certificates is not null || string.Equals(uri.Scheme, "https", StringComparison.Ordinal);
        return new(null, new(uri.Host, uri.Port > 0 ? uri.Port : secure ? 2376 : 2375), secure ? certificates ?? "" : null);
    }

    public override string ToString() => _socket is not null ? $"unix://{_socket}" : $"tcp://{_endpoint!.Host}:{_endpoint.Port}";

    public async Task<Stream> ConnectAsync(CancellationToken ct)
    {
        var socket = _socket is not null
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            EndPoint target = _socket is not null ? new UnixDomainSocketEndPoint(_socket) : _endpoint!;
            await socket.ConnectAsync(target, ct);
            var plain = new NetworkStream(socket, ownsSocket: true);
            return _certificates is null ? plain : await SecureAsync(plain, _certificates, ct);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<Stream> SecureAsync(NetworkStream plain, string folder, CancellationToken ct)
    {
        var secure = new SslStream(plain, leaveInnerStreamOpen: false);
        var options = new SslClientAuthenticationOptions { TargetHost = _endpoint!.Host };
        if (folder.Length > 0)
        {
            using var pair = X509Certificate2.CreateFromPemFile(Path.Combine(folder, "cert.pem"), Path.Combine(folder, "key.pem"));
            // A key that lives only in memory is not offered on every platform; the detour through PKCS#12 is.
            options.ClientCertificates = [X509CertificateLoader.LoadPkcs12(pair.Export(X509ContentType.Pkcs12), password: null)];
            var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            trust.CustomTrustStore.ImportFromPemFile(Path.Combine(folder, "ca.pem"));
            options.CertificateChainPolicy = trust;
        }

        await secure.AuthenticateAsClientAsync(options, ct);
        return secure;
    }
}
