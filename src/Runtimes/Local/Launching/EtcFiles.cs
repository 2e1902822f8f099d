using System.Security.Cryptography;
using System.Text;
using StreamSpace.Contracts.Runtimes;

namespace StreamSpace.Runtimes.Local.Launching;

/// <summary>The few files below /etc that are the session's own.</summary>
internal static class EtcFiles
{
    public static IReadOnlyList<string> Write(string folder, LaunchSpec spec)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["passwd"] = "root:x:0:0:root:/root:/usr/sbin/nologin\nuser:x:1000:1000:User:/home/user:/bin/bash\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n",
            ["group"] = "root:x:0:\ntty:x:5:\nuser:x:1000:\nnogroup:x:65534:\n",
            ["hosts"] = $"127.0.0.1 localhost {spec.Name}\n",
            ["hostname"] = $"{spec.Name}\n",
            ["resolv.conf"] = spec.Network ? $"nameserver {HostNetwork.Resolver}\n" : "# this session has no network\n",
            ["nsswitch.conf"] = "passwd: files\ngroup: files\nhosts: files dns\n",
            ["machine-id"] = $"{Convert.ToHexStringLower(SHA256.HashData(spec.Session.Value.ToByteArray()))[..32]}\n",
        };
        Directory.CreateDirectory(folder);
        foreach (var (name, text) in files)
            File.WriteAllText(Path.Combine(folder, name), text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        return [.. files.Keys];
    }
}
