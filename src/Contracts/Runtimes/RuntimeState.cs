namespace StreamSpace.Contracts.Runtimes;

/// <summary>What is, as the runtime sees it.</summary>
public enum RuntimePhase
{
    /// <summary>Processes are coming up.</summary>
    Starting,

    /// <summary>Processes run.</summary>
    Running,

    /// <summary>Processes are paused.</summary>
    Frozen,

    /// <summary>No process; leftovers (home, folder, stopped container) may exist.</summary>
    Stopped,
}

/// <summary>What is, for one session.</summary>
/// <param name="Session">The session.</param>
/// <param name="Phase">See <see cref="RuntimePhase"/>.</param>
/// <param name="Reason">Why it stopped when it was not asked to: a code of <see cref="RuntimeReasons"/>; null otherwise.</param>
/// <param name="Message">A sentence for a person; null when there is nothing to say.</param>
/// <param name="StartedAt">When its processes came up; null when unknown.</param>
public sealed record RuntimeState(SessionId Session, RuntimePhase Phase, string? Reason, string? Message, DateTimeOffset? StartedAt);

/// <summary>One change seen by a runtime.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="State">The session's state after it; null for changes of the runtime itself.</param>
/// <param name="Detail">For <see cref="RuntimeChangeKind.OutOfMemory"/> the name of the killed program; else a sentence or null.</param>
public sealed record RuntimeChange(RuntimeChangeKind Kind, RuntimeState? State, string? Detail);

/// <summary>Kinds of <see cref="RuntimeChange"/>.</summary>
public enum RuntimeChangeKind
{
    /// <summary>A session's phase changed.</summary>
    Session,

    /// <summary>A program of a session was killed because the session's memory ran out; the session may live on.</summary>
    OutOfMemory,

    /// <summary>The runtime stopped answering.</summary>
    Lost,

    /// <summary>The runtime answers (again); every session should be inspected.</summary>
    Resync,
}

/// <summary>Stable reason codes shared by all runtimes.</summary>
public static class RuntimeReasons
{
    /// <summary>The runtime does not answer.</summary>
    public const string RuntimeLost = "RuntimeLost";

    /// <summary>The image could not be pulled.</summary>
    public const string ImagePullFailed = "ImagePullFailed";

    /// <summary>The image could not be built.</summary>
    public const string ImageBuildFailed = "ImageBuildFailed";

    /// <summary>The machine lacks packages of the template.</summary>
    public const string PackagesMissing = "PackagesMissing";

    /// <summary>The display did not answer in time.</summary>
    public const string DisplayTimeout = "DisplayTimeout";

    /// <summary>The display went away while it ran.</summary>
    public const string DisplayLost = "DisplayLost";

    /// <summary>The session's main program ended.</summary>
    public const string ProgramEnded = "ProgramEnded";

    /// <summary>The session's display or main program was killed for memory.</summary>
    public const string OutOfMemory = "OutOfMemory";

    /// <summary>The session has as many processes as it may have; no new one starts.</summary>
    public const string ProcessLimit = "ProcessLimit";

    /// <summary>The sandbox or container could not start.</summary>
    public const string StartFailed = "StartFailed";

    /// <summary>The runtime cannot do what was asked.</summary>
    public const string NotSupported = "NotSupported";

    /// <summary>The session is not in a state that allows it.</summary>
    public const string WrongState = "WrongState";

    /// <summary>The session holds more memory than it shall have.</summary>
    public const string MemoryInUse = "MemoryInUse";

    /// <summary>A path does not exist or may not be used.</summary>
    public const string BadPath = "BadPath";

    /// <summary>A file or folder is not there.</summary>
    public const string NoSuchFile = "NoSuchFile";

    /// <summary>Something of that name is there already, or a folder is not empty.</summary>
    public const string FileExists = "FileExists";

    /// <summary>No space is left for a file.</summary>
    public const string NoRoom = "NoRoom";
}

/// <summary>An expected failure of a runtime: a stable code and a sentence a person can act on. Carries no secrets.</summary>
public sealed class RuntimeFailure(string reason, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>One of <see cref="RuntimeReasons"/>.</summary>
    public string Reason { get; } = reason;
}

/// <summary>Whether a runtime answers and what it can do.</summary>
/// <param name="Available">It can start sessions now.</param>
/// <param name="Version">For example <c>Docker 20.10.24, API 1.41</c>; null when unknown.</param>
/// <param name="Problem">Why it is not available, with what to do; null when it is.</param>
/// <param name="Warnings">What works less well than it could, each with its cure (live-restore off, no cgroups, ...).</param>
/// <param name="Capabilities">What it can do.</param>
public sealed record RuntimeHealth(bool Available, string? Version, string? Problem, IReadOnlyList<string> Warnings, RuntimeCapabilities Capabilities);

/// <summary>What a runtime can do; the UI hides what it cannot.</summary>
/// <param name="Freeze">Freeze and thaw.</param>
/// <param name="IsolatedNetwork">Sessions can reach the outside but neither the host nor each other.</param>
/// <param name="CpuLimit">The CPU limit is enforced.</param>
/// <param name="MemoryLimit">The memory limit is enforced for the session as a whole.</param>
/// <param name="ProcessLimit">The limit on processes is enforced.</param>
/// <param name="StorageLimit">The home's size is enforced.</param>
/// <param name="Exec">Terminals.</param>
/// <param name="Builds">Images can be built here.</param>
public sealed record RuntimeCapabilities(
    bool Freeze, bool IsolatedNetwork, bool CpuLimit, bool MemoryLimit, bool ProcessLimit, bool StorageLimit, bool Exec, bool Builds)
{
    /// <summary>What an unavailable runtime can do.</summary>
    public static RuntimeCapabilities None { get; } = new(false, false, false, false, false, false, false, false);
}
