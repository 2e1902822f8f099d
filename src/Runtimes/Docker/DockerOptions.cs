namespace StreamSpace.Runtimes.Docker;

/// <summary>Settings of the docker runtime, section <c>Runtimes:Docker</c>.</summary>
public sealed class DockerOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Runtimes:Docker";

    /// <summary>Where the engine is; empty asks DOCKER_HOST, then <c>unix:///var/run/docker.sock</c>.</summary>
    public string? Host { get; set; }

    /// <summary>Folder with ca.pem, cert.pem and key.pem for an engine behind TLS; empty asks DOCKER_CERT_PATH.</summary>
    public string? CertificatePath { get; set; }

    /// <summary>
    /// Tells this installation's containers from another's on the same engine: lower case letters, digits, dashes, at most 32.
    /// It must be the same after every restart and different for every database.
    /// </summary>
    public string Installation { get; set; } = "";

    /// <summary>The engine's network for sessions; made when it is missing.</summary>
    public string Network { get; set; } = "streamspace";

    /// <summary>Folder of the image recipes; empty looks for <c>images</c> beside the program and above it.</summary>
    public string? ImagesPath { get; set; }

    /// <summary>How the server reaches a session's display.</summary>
    public DisplayReach Reach { get; set; } = DisplayReach.Auto;

    /// <summary>The engine machine's name or address as the server sees it, for published ports; empty is found out.</summary>
    public string? PublishedHost { get; set; }

    /// <summary>Lets sessions reach private networks (10/8, 172.16/12, 192.168/16, 100.64/10) but still not the engine's machine.</summary>
    public bool AllowPrivateNetworks { get; set; }

    /// <summary>How long a display may take to answer after its container started.</summary>
    public TimeSpan DisplayTimeout { get; set; } = TimeSpan.FromSeconds(30);
}

/// <summary>How the server reaches a session's display.</summary>
public enum DisplayReach
{
    /// <summary>By address where the engine's network is visible from here, else published.</summary>
    Auto,

    /// <summary>By the container's own address; nothing is published.</summary>
    Address,

    /// <summary>By a random port on the engine's machine.</summary>
    Published,
}
