using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace StreamSpace.Server;

/// <summary>The server's certificate: from files of the operator, else one made here, kept in the data directory and renewed before it ends.</summary>
internal static class Certificates
{
    /// <summary>Reads <c>Tls:Certificate</c> and <c>Tls:Key</c> (PEM), or makes a certificate for this machine's names and addresses.</summary>
    public static X509Certificate2 Load(IConfiguration settings, string data, string bind, TimeProvider clock)
    {
        if (settings["Tls:Certificate"] is { Length: > 0 } file)
            return Usable(X509Certificate2.CreateFromPemFile(file, settings["Tls:Key"] ?? file));
        var folder = Directory.CreateDirectory(Path.Combine(data, "tls"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
        var (certificate, key) = (Path.Combine(folder, "server.crt"), Path.Combine(folder, "server.key"));
        if (File.Exists(certificate) && File.Exists(key))
        {
            var kept = X509Certificate2.CreateFromPemFile(certificate, key);
            if (kept.NotAfter.ToUniversalTime() > clock.GetUtcNow().UtcDateTime.AddDays(30) && kept.MatchesHostname(bind is "0.0.0.0" or "::" ? Environment.MachineName : bind))
                return Usable(kept);
        }

        using var made = Make(bind, clock.GetUtcNow());
        File.WriteAllText(certificate, made.ExportCertificatePem());
        using var secret = new FileStream(key, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
        using (var writer = new StreamWriter(secret))
            writer.Write(made.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        return Usable(X509Certificate2.CreateFromPemFile(certificate, key));
    }

    private static X509Certificate2 Make(string bind, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={Environment.MachineName}, O=StreamSpace", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddDnsName(Environment.MachineName);
        foreach (var address in Addresses(bind))
            names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(397));
    }

    private static IEnumerable<IPAddress> Addresses(string bind)
    {
        var here = System.Net.NetworkInformation.NetworkInterface.GetAllNetworkInterfaces().SelectMany(i => i.GetIPProperties().UnicastAddresses).Select(a => a.Address).Where(a => !a.IsIPv6LinkLocal);
        return here.Append(IPAddress.Parse(bind)).Append(IPAddress.Loopback).Append(IPAddress.IPv6Loopback).Distinct();
    }

    // The TLS stack wants the key and the certificate in one store entry.
    private static X509Certificate2 Usable(X509Certificate2 certificate)
    {
        using (certificate)
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}
