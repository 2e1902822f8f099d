using System.ComponentModel.DataAnnotations;

namespace StreamSpace.Runtimes.Local;

/// <summary>Settings of the local runtime, section <c>Runtimes:Local</c>.</summary>
public sealed class LocalRuntimeOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Runtimes:Local";

    /// <summary>Whether sessions may run on this machine.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Homes, session folders and uids. Relative paths count from the current folder.</summary>
    [Required]
    public string DataDirectory { get; set; } = "data/local";

    /// <summary>
    /// Sockets and mount points; short, because a socket's path has at most 107 bytes. Empty: <c>/run/streamspace-…</c> as root, else
    /// <c>$XDG_RUNTIME_DIR/streamspace-…</c> or <c>/tmp/streamspace-…</c>, named after the data directory.
    /// </summary>
    public string RunDirectory { get; set; } = string.Empty;

    /// <summary>How long programs may take to end after they were asked to.</summary>
    public TimeSpan StopGrace { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>How long a display may take to answer after the start.</summary>
    public TimeSpan DisplayTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>As root, the first of the uids that people's sessions run under. The default lies in the range that Linux distributions leave unused.</summary>
    [Range(10_000, 2_147_000_000)]
    public int FirstUid { get; set; } = 1_900_000_000;

    /// <summary>Limits by cgroup where we may. False uses resource limits of single processes only.</summary>
    public bool UseCgroups { get; set; } = true;

    /// <summary>Bytes of output kept per session.</summary>
    [Range(65536, 1 << 30)]
    public int LogBytes { get; set; } = 2 << 20;

    /// <summary>Networks that sessions may not reach, with spaces between them, beside every address of this machine itself.</summary>
    public string BlockedNetworks { get; set; } = "10.0.0.0/8 100.64.0.0/10 169.254.0.0/16 172.16.0.0/12 192.168.0.0/16";
}
