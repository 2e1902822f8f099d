using System.ComponentModel.DataAnnotations;

namespace StreamSpace.Sessions;

/// <summary>Settings of this module, section <c>Sessions</c>. Sizes, CPU and durations as people write them.</summary>
internal sealed class SessionsOptions
{
    /// <summary>Sessions one person may have, hibernated ones included; 0 for no limit.</summary>
    [Range(0, 100_000)]
    public int MaxPerUser { get; set; } = 20;

    /// <summary>Sessions the platform may have, hibernated ones included; 0 for no limit.</summary>
    [Range(0, 10_000_000)]
    public int MaxSessions { get; set; }

    /// <summary>CPU that one person's awake sessions may have together; empty for no limit.</summary>
    public string CpuPerUser { get; set; } = "";

    /// <summary>Memory that one person's awake sessions may have together; empty for no limit.</summary>
    public string MemoryPerUser { get; set; } = "";

    /// <summary>The most CPU of one session; empty for no limit.</summary>
    public string MaxCpu { get; set; } = "";

    /// <summary>The most memory of one session; empty for no limit.</summary>
    public string MaxMemory { get; set; } = "";

    /// <summary>The most storage of one session; empty for no limit.</summary>
    public string MaxStorage { get; set; } = "";

    /// <summary>Hibernate after this long without activity.</summary>
    [Required]
    public string IdleTimeout { get; set; } = "30m";

    /// <summary>Freeze after this long without activity.</summary>
    [Required]
    public string FreezeAfter { get; set; } = "10m";

    /// <summary>End this long after the start.</summary>
    [Required]
    public string MaxDuration { get; set; } = "8h";

    /// <summary>How long before it happens people are warned of freezing and hibernating.</summary>
    [Required]
    public string WarnBefore { get; set; } = "2m";

    /// <summary>How often each running session's use is sampled.</summary>
    public TimeSpan SampleEvery { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How often a session's use is sampled while somebody watches it.</summary>
    public TimeSpan SampleWatchedEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long samples are kept.</summary>
    public TimeSpan KeepSamples { get; set; } = TimeSpan.FromDays(2);

    /// <summary>How long ended sessions and their history are kept.</summary>
    public TimeSpan KeepEnded { get; set; } = TimeSpan.FromDays(90);

    /// <summary>How many sessions this process works on at the same time.</summary>
    [Range(1, 1000)]
    public int AtOnce { get; set; } = 32;

    /// <summary>Runtimes whose sessions belong to the machine they were started on.</summary>
    public IList<string> NodeBound { get; } = ["local"];

    /// <summary>What each runtime may carry; absent: derived from the machine for local and docker, without limit for others.</summary>
    public Dictionary<string, CapacityOptions> Capacity { get; } = new(StringComparer.Ordinal);
}

/// <summary>What a runtime may carry at the same time; 0 or empty for no limit.</summary>
internal sealed class CapacityOptions
{
    /// <summary>Sum of the CPU limits of its sessions.</summary>
    public string Cpu { get; set; } = "";

    /// <summary>Sum of the memory limits of its sessions.</summary>
    public string Memory { get; set; } = "";

    /// <summary>Number of sessions with processes.</summary>
    public int Sessions { get; set; }
}
