using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace StreamSpace.Runtimes.Docker.Tests;

/// <summary>Stands before the real engine and can go away and come back, which the machine's own engine shall not do for a test.</summary>
internal sealed class EngineProxy : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("engine-proxy-").FullName;
    private readonly bool _secure;
    private readonly X509Certificate2? _certificate;
    private readonly X509Certificate2? _authority;
    private CancellationTokenSource _up = new();
    private Socket? _listener;
    private Task _accepting = Task.CompletedTask;

    private EngineProxy(bool secure)
    {
        _secure = secure;
        if (secure)
            (_authority, _certificate) = Certificates(_folder);
    }

    public string Address { get; private set; } = "";

    public string Certificate => _folder;

    /// <summary>Takes connections and says nothing on them: an engine that hangs.</summary>
    public bool Hung { get; set; }

    public static EngineProxy Unix()
    {
        var proxy = new EngineProxy(secure: false);
        proxy.Address = "unix://" + Path.Combine(proxy._folder, "engine.sock");
        proxy.Up();
        return proxy;
    }

    public static EngineProxy Tls()
    {
        var proxy = new EngineProxy(secure: true);
        proxy.Up();
        return proxy;
    }

    public void Up()
    {
        _up = new();
        if (_secure)
        {
            _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            Address = $"tcp://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}";
        }
        else
        {
            var path = Address["unix://".Length..];
            File.Delete(path);
            _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            _listener.Bind(new UnixDomainSocketEndPoint(path));
        }

        _listener.Listen();
        _accepting = AcceptAsync(_listener, _up.Token);
    }

    public async Task DownAsync()
    {
        await _up.CancelAsync();
        _listener?.Dispose();
        await _accepting;
    }

    public async ValueTask DisposeAsync()
    {
        await DownAsync();
        _certificate?.Dispose();
        _authority?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task AcceptAsync(Socket listener, CancellationToken up)
    {
        var relays = new List<Task>();
        try
        {
            while (true)
                relays.Add(RelayAsync(await listener.AcceptAsync(up), up));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(relays);
        }
    }

    private async Task RelayAsync(Socket client, CancellationToken up)
    {
        try
        {
            await using var near = await OpenAsync(client, up);
            while (Hung)
                await Task.Delay(20, up);
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint("/var/run/docker.sock"), up);
            await using var far = new NetworkStream(socket);
            var there = PumpAsync(near, far, socket, up);
            await PumpAsync(far, near, null, up);
            await there;
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException or System.Security.Authentication.AuthenticationException)
        {
            // A connection went; so it goes with proxies.
        }
    }

    private async Task<Stream> OpenAsync(Socket client, CancellationToken up)
    {
        var plain = new NetworkStream(client, ownsSocket: true);
        if (!_secure)
            return plain;
        var secure = new SslStream(plain);
        await secure.AuthenticateAsServerAsync(
            new()
            {
                ServerCertificate = _certificate,
                ClientCertificateRequired = true,
                CertificateChainPolicy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { _authority! }, RevocationMode = X509RevocationMode.NoCheck },
            },
            up);
        return secure;
    }

    private async Task PumpAsync(Stream from, Stream to, Socket? close, CancellationToken up)
    {
        var buffer = new byte[16 * 1024];
        int count;
        while ((count = await from.ReadAsync(buffer, up)) > 0)
        {
            while (Hung)
                await Task.Delay(20, up);
            await to.WriteAsync(buffer.AsMemory(0, count), up);
            await to.FlushAsync(up);
        }

        close?.Shutdown(SocketShutdown.Send);
        if (close is null)
            to.Close();
    }

    private static (X509Certificate2 Authority, X509Certificate2 Server) Certificates(string folder)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var authority = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(2));
        File.WriteAllText(Path.Combine(folder, "ca.pem"), authority.ExportCertificatePem());
        var server = Sign(authority, "engine", now, [1]);
        using var client = Sign(authority, "client", now, [2]);
        File.WriteAllText(Path.Combine(folder, "cert.pem"), client.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "key.pem"), client.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        return (authority, X509CertificateLoader.LoadPkcs12(server.Export(X509ContentType.Pkcs12), null));
    }

    private static X509Certificate2 Sign(X509Certificate2 authority, string name, DateTimeOffset now, byte[] serial)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request.Create(authority, now.AddDays(-1), now.AddDays(1), serial).CopyWithPrivateKey(key);
    }
}
