using System.Formats.Tar;
using System.Globalization;
using System.Text;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Runtimes.Docker.Engine;

namespace StreamSpace.Runtimes.Docker.Launching;

/// <summary>What a session's container looks like. Pure: the same launch gives the same container.</summary>
internal static class Blueprint
{
    public const string SecretFile = "/run/streamspace/vnc-password";
    public const int User = 1000;
    public const string Home = "/home/user";
    private const long Mebi = 1L << 20;
    private const int CpuPeriod = 100_000;

    public static ContainerWish Container(LaunchSpec spec, string installation, string network, bool userNamespaces, string? publishAt)
    {
        var port = string.Create(CultureInfo.InvariantCulture, $"{spec.Application.DisplayPort}/tcp");
        var publish = publishAt is not null && spec.Network;
        return new()
        {
            Hostname = spec.Name,
            User = $"{User}:{User}",
            Image = spec.Application.Image!,
            Cmd = spec.Application.Command is { Count: > 0 } command ? command : null,
            Env = Environment(spec),
            Labels = new(StringComparer.Ordinal)
            {
                [Names.Session] = spec.Session.ToString(),
                [Names.Installation] = installation,
                [Names.Owner] = spec.Owner.ToString(),
                [Names.Template] = spec.Application.Template,
                [Names.DisplayPort] = spec.Application.DisplayPort.ToString(CultureInfo.InvariantCulture),
            },
            ExposedPorts = publish ? new(StringComparer.Ordinal) { [port] = new() } : null,
            HostConfig = new()
            {
                NetworkMode = spec.Network ? network : "none",
                Memory = spec.Limits.MemoryBytes,
                MemorySwap = spec.Limits.MemoryBytes,

                // A quota above the machine's cores is allowed here; the engine refuses the same wish as NanoCpus.
                CpuPeriod = CpuPeriod,
                CpuQuota = Quota(spec.Limits),
                PidsLimit = spec.Limits.Processes,
                ShmSize = Math.Clamp(spec.Limits.MemoryBytes / 2, 64 * Mebi, 1024 * Mebi),
                Init = true,
                CapDrop = ["ALL"],
                SecurityOpt = userNamespaces ? ["no-new-privileges:true", "seccomp=" + Seccomp.WithUserNamespaces] : ["no-new-privileges:true"],
                Tmpfs = new(StringComparer.Ordinal)
                {
                    ["/tmp"] = "rw,exec,nosuid,nodev,mode=1777",
                    ["/run/user/1000"] = "rw,nosuid,nodev,mode=0700,uid=1000,gid=1000",
                },
                Mounts = [HomeOf(spec, installation)],
                LogConfig = new("json-file", new(StringComparer.Ordinal) { ["max-size"] = "5m", ["max-file"] = "2" }),
                PortBindings = publish ? new(StringComparer.Ordinal) { [port] = [new(publishAt, "")] } : null,
            },
        };
    }

    /// <summary>What is changed of a container that runs.</summary>
    public static UpdateWish Limits(ResourceLimits limits) => new(limits.MemoryBytes, limits.MemoryBytes, CpuPeriod, Quota(limits));

    private static long Quota(ResourceLimits limits) => Math.Max(1000, limits.CpuMillicores * (CpuPeriod / 1000L));

    /// <summary>The display's password as a file of the session's user; it never stands in the environment, where every listing shows it.</summary>
    public static byte[] Secret(string password)
    {
        using var packed = new MemoryStream();
        using (var tar = new TarWriter(packed, TarEntryFormat.Ustar, leaveOpen: true))
        {
            tar.WriteEntry(new UstarTarEntry(TarEntryType.Directory, "run/streamspace/") { Mode = (UnixFileMode)0b111_000_000, Uid = User, Gid = User });
            using var content = new MemoryStream(Encoding.UTF8.GetBytes(password));
            tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, SecretFile[1..]) { Mode = (UnixFileMode)0b100_000_000, Uid = User, Gid = User, DataStream = content });
        }

        return packed.ToArray();
    }

    private static List<string> Environment(LaunchSpec spec)
    {
        // Ours come last and win: nobody renames the password file by a variable of his own.
        var environment = new Dictionary<string, string>(spec.Environment, StringComparer.Ordinal)
        {
            ["STREAMSPACE_VNC_PASSWORD_FILE"] = SecretFile,
            ["STREAMSPACE_GEOMETRY"] = string.Create(CultureInfo.InvariantCulture, $"{spec.Width}x{spec.Height}"),
            ["STREAMSPACE_OPENGL"] = spec.Application.OpenGl ? "1" : "0",
            ["STREAMSPACE_PANEL"] = spec.Application.Panel ? "1" : "0",
            ["STREAMSPACE_SESSION"] = spec.Session.ToString(),
        };
        return [.. environment.Select(pair => $"{pair.Key}={pair.Value}")];
    }

    private static MountWish HomeOf(LaunchSpec spec, string installation)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal) { [Names.Installation] = installation, [Names.Owner] = spec.Owner.ToString() };
        if (spec.PersistentHome)
            return new("volume", Names.PersonalHome(installation, spec.OwnerSlug), Home, new(labels));
        labels[Names.Session] = spec.Session.ToString();
        return new("volume", Names.OwnHome(spec.Session), Home, new(labels));
    }
}
