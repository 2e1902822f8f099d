using System.Text.Json;
using System.Text.Json.Serialization;

namespace StreamSpace.Client;

/// <summary>What a session's phase can be. New ones may come: compare, never assume this list is all.</summary>
public static class Phases
{
    /// <summary>Its desktop can be used.</summary>
    public const string Running = "running";

    /// <summary>Its processes are paused.</summary>
    public const string Frozen = "frozen";

    /// <summary>Its processes are gone, its home is kept.</summary>
    public const string Hibernated = "hibernated";

    /// <summary>It is over.</summary>
    public const string Terminated = "terminated";

    /// <summary>Something went wrong: see reason and message.</summary>
    public const string Failed = "failed";
}

/// <summary>A running or hibernated instance of a template.</summary>
public sealed record Session
{
    /// <summary>Identifier.</summary>
    public required string Id { get; init; }

    /// <summary>Name, unique per owner.</summary>
    public required string Name { get; init; }

    /// <summary>Whose it is.</summary>
    public SessionOwner? Owner { get; init; }

    /// <summary>What it was launched from.</summary>
    public SessionTemplate? Template { get; init; }

    /// <summary>Where it runs.</summary>
    public string? Runtime { get; init; }

    /// <summary>What is wanted: running, frozen, hibernated, terminated.</summary>
    public string? State { get; init; }

    /// <summary>What is: see <see cref="Phases"/>.</summary>
    public required string Phase { get; init; }

    /// <summary>Stable code of a failure.</summary>
    public string? Reason { get; init; }

    /// <summary>The failure in words, with what to do.</summary>
    public string? Message { get; init; }

    /// <summary>Steps of a launch or wake that is going on.</summary>
    public LaunchProgress? Progress { get; init; }

    /// <summary>How many are before it while it is queued.</summary>
    public int? QueuePosition { get; init; }

    /// <summary>Connected viewers.</summary>
    public int? Viewers { get; init; }

    /// <summary>When it was accepted.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When its processes came up.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When somebody last used it.</summary>
    public DateTimeOffset? LastActivityAt { get; init; }

    /// <summary>Everything else the server said.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement> Further { get; init; } = new Dictionary<string, JsonElement>();
}

/// <summary>Whose a session is.</summary>
/// <param name="Id">Identifier.</param>
/// <param name="Username">Name to log in with.</param>
/// <param name="DisplayName">Name to show.</param>
public sealed record SessionOwner(string Id, string? Username = null, string? DisplayName = null);

/// <summary>What a session was launched from.</summary>
/// <param name="Name">The template's name.</param>
/// <param name="Version">The pinned version.</param>
/// <param name="DisplayName">Name to show.</param>
/// <param name="Category">The template's category.</param>
/// <param name="IconUrl">Address of its icon.</param>
public sealed record SessionTemplate(string Name, string? Version = null, string? DisplayName = null, string? Category = null, string? IconUrl = null);

/// <summary>Steps of a launch or wake.</summary>
/// <param name="Steps">In the order they are done.</param>
/// <param name="ElapsedMs">Milliseconds since it began.</param>
public sealed record LaunchProgress(IReadOnlyList<LaunchStep> Steps, double? ElapsedMs = null);

/// <summary>One step of a launch.</summary>
/// <param name="Name">reserve, prepare_image, start or connect.</param>
/// <param name="State">waiting, active, done or failed.</param>
/// <param name="Percent">How far, where that is known.</param>
/// <param name="Ms">How long it took.</param>
/// <param name="Text">What is being done.</param>
public sealed record LaunchStep(string Name, string State, double? Percent = null, double? Ms = null, string? Text = null);

/// <summary>A wish for a new session. Null leaves the choice to template and server.</summary>
public sealed record NewSession
{
    /// <summary>Name of the template.</summary>
    public required string Template { get; init; }

    /// <summary>Name of the session: a DNS label.</summary>
    public string? Name { get; init; }

    /// <summary>local, docker, ...</summary>
    public string? Runtime { get; init; }

    /// <summary>Limits.</summary>
    public NewResources? Resources { get; init; }

    /// <summary>Hibernate after this long without activity: <c>30m</c>.</summary>
    public string? IdleTimeout { get; init; }

    /// <summary>Freeze after this long without activity: <c>10m</c>.</summary>
    public string? FreezeAfter { get; init; }

    /// <summary>End this long after the start: <c>8h</c>.</summary>
    public string? MaxDuration { get; init; }

    /// <summary>Tags.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>Why; some templates demand it.</summary>
    public string? Reason { get; init; }

    /// <summary>Environment of the session's programs.</summary>
    public IReadOnlyDictionary<string, string>? Env { get; init; }

    /// <summary>Size of the screen: <c>1280x800</c>.</summary>
    public string? Geometry { get; init; }

    /// <summary>False: a home that ends with the session.</summary>
    public bool? PersistentHome { get; init; }
}

/// <summary>Limits of a new session.</summary>
/// <param name="Cpu"><c>1500m</c> or <c>2</c>.</param>
/// <param name="Memory"><c>2Gi</c>.</param>
/// <param name="Storage"><c>10Gi</c>.</param>
public sealed record NewResources(string? Cpu = null, string? Memory = null, string? Storage = null);

/// <summary>A ticket for one connection to a session's display.</summary>
/// <param name="ViewerId">Identifier of the viewer.</param>
/// <param name="Ticket">Good once, for 30 seconds.</param>
/// <param name="Url">Where to open the WebSocket.</param>
/// <param name="Level">view, collaborate or control.</param>
public sealed record ViewerTicket(string ViewerId, string Ticket, string Url, string Level);

/// <summary>How to reach a session's display.</summary>
/// <param name="SessionId">Identifier.</param>
/// <param name="PageUrl">Page of the viewer.</param>
/// <param name="Ready">True: the picture is there at once.</param>
public sealed record SessionConnection(string SessionId, string PageUrl, bool Ready);

/// <summary>A process inside a session.</summary>
/// <param name="Pid">Its number.</param>
/// <param name="Command">Name or command line.</param>
public sealed record SessionProcess(int Pid, string Command);
