namespace StreamSpace.Contracts.Runtimes;

/// <summary>What a template says about how its application starts on each runtime.</summary>
/// <param name="Template">Template name, for labels and messages.</param>
/// <param name="Image">Container image, for example <c>streamspace/firefox:1</c>; null when it has none.</param>
/// <param name="ImageRecipe">Folder below <c>images/</c> the image is built from when the engine lacks it; null when it must be pulled.</param>
/// <param name="LocalPackages">Debian packages that must be on the machine for the local runtime.</param>
/// <param name="LocalPrograms">Programs that must be found in the PATH for the local runtime.</param>
/// <param name="Command">The main program and its arguments, started after the window manager; empty for a bare desktop.</param>
/// <param name="Panel">True when the desktop's panel shall run beside the program.</param>
/// <param name="DisplayPort">TCP port of the RFB server inside a container.</param>
/// <param name="OpenGl">False leaves OpenGL out of the display, which then starts in half the time (the X server loads a compiler for it).</param>
public sealed record Application(
    string Template,
    string? Image,
    string? ImageRecipe,
    IReadOnlyList<string> LocalPackages,
    IReadOnlyList<string> LocalPrograms,
    IReadOnlyList<string> Command,
    bool Panel,
    int DisplayPort = 5900,
    bool OpenGl = true);

/// <summary>Everything a runtime needs to bring a session up.</summary>
/// <param name="Session">The session.</param>
/// <param name="Name">The session's name (DNS label); becomes the host name inside.</param>
/// <param name="Owner">Whose home is mounted.</param>
/// <param name="OwnerSlug">Slug + 8 hex of the owner, safe in resource names.</param>
/// <param name="Application">What runs.</param>
/// <param name="Limits">What it may use.</param>
/// <param name="Environment">Extra environment variables, validated.</param>
/// <param name="Width">Initial picture width in pixels.</param>
/// <param name="Height">Initial picture height in pixels.</param>
/// <param name="PersistentHome">False gives the session an own empty home that goes with it.</param>
/// <param name="DisplayPassword">VNC password known to us alone; a runtime that reaches the display by a private socket may ignore it.</param>
/// <param name="Network">False cuts the session off from every network.</param>
public sealed record LaunchSpec(
    SessionId Session,
    string Name,
    UserId Owner,
    string OwnerSlug,
    Application Application,
    ResourceLimits Limits,
    IReadOnlyDictionary<string, string> Environment,
    int Width,
    int Height,
    bool PersistentHome,
    string DisplayPassword,
    bool Network = true);

/// <summary>Limits of a session.</summary>
/// <param name="CpuMillicores">1000 is one core.</param>
/// <param name="MemoryBytes">Hard limit.</param>
/// <param name="StorageBytes">Wanted size of the home; enforced where the runtime can.</param>
/// <param name="Processes">Most processes and threads at once.</param>
public sealed record ResourceLimits(int CpuMillicores, long MemoryBytes, long StorageBytes, int Processes = 512);

/// <summary>The steps of a launch, in order.</summary>
public enum LaunchStep
{
    /// <summary>Folders, network, limits.</summary>
    Reserve,

    /// <summary>Pull or build of the image; carries a percentage.</summary>
    PrepareImage,

    /// <summary>Processes come up.</summary>
    Start,

    /// <summary>The display answers.</summary>
    Connect,
}

/// <summary>Progress of a launch.</summary>
/// <param name="Step">The step that is being done.</param>
/// <param name="Percent">0 to 100 inside the step; null when it cannot be known.</param>
/// <param name="Text">One short line for a person, for example <c>Installing firefox-esr</c>.</param>
public sealed record LaunchProgress(LaunchStep Step, int? Percent, string Text);

/// <summary>Whether an application can start on a runtime.</summary>
/// <param name="State">Ready, buildable first, or missing something.</param>
/// <param name="Missing">What is missing (packages, programs, image).</param>
/// <param name="Remedy">A command or sentence that mends it; null when ready.</param>
public sealed record Readiness(ReadinessState State, IReadOnlyList<string> Missing, string? Remedy)
{
    /// <summary>Nothing is missing.</summary>
    public static Readiness Ready { get; } = new(ReadinessState.Ready, [], null);
}

/// <summary>States of <see cref="Readiness"/>.</summary>
public enum ReadinessState
{
    /// <summary>Starts at once.</summary>
    Ready,

    /// <summary>Starts after its image was pulled or built.</summary>
    NeedsImage,

    /// <summary>Cannot start until somebody mends what is missing.</summary>
    Missing,

    /// <summary>The runtime itself does not answer.</summary>
    Unavailable,
}
