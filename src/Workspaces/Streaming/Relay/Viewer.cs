using StreamSpace.Contracts;
using StreamSpace.Contracts.Dlp;
using StreamSpace.Contracts.Identity;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Streaming.Tickets;

namespace StreamSpace.Streaming.Relay;

/// <summary>One connected viewer: who, with what right, and its figures. The relay writes the figures, everybody reads them.</summary>
internal sealed class Viewer(ViewerId id, SessionId session, UserId owner, LoginFacts login, AccessLevel level, string address, DateTimeOffset connectedAt)
{
    private readonly TaskCompletionSource<(ViewerEnd End, string Sentence)> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _bytesIn;
    private long _bytesOut;
    private long _messagesIn;
    private long _updates;

    public ViewerId Id => id;

    public SessionId Session => session;

    public UserId Owner => owner;

    /// <summary>What data protection policies ask about.</summary>
    public PolicySubject Subject { get; init; } = new(login.User, [], "", session);

    /// <summary>What the session was called when the viewer came.</summary>
    public string SessionName { get; init; } = "";

    /// <summary>Somebody else's session, shared with the viewer's person when they came.</summary>
    public bool ByShare { get; init; }

    /// <summary>What the viewer is told when its right is gone.</summary>
    public string SentenceOfRevoked => ByShare ? "This session is no longer shared with you." : "You may not look at this session any more.";

    public LoginFacts Login => login;

    /// <summary>What the viewer asked for; its rights may grow back up to it.</summary>
    public AccessLevel Asked { get; } = level;

    /// <summary>What it may do now.</summary>
    public AccessLevel Level { get; set; } = level;

    /// <summary>What its page shows as allowed, apart from its level; null before the first look at the policies.</summary>
    public OpenViewer.Policy? Shown { get; set; }

    public string Address => address;

    public DateTimeOffset ConnectedAt => connectedAt;

    /// <summary>Milliseconds to the viewer and back; null before the first pong.</summary>
    public double? ClientLatency { get; set; }

    /// <summary>Milliseconds to the display and back; null without fences or while nothing is connected.</summary>
    public double? DisplayLatency { get; set; }

    /// <summary>No display is connected; the socket is held.</summary>
    public bool Held { get; set; } = true;

    public long BytesIn => Interlocked.Read(ref _bytesIn);

    public long BytesOut => Interlocked.Read(ref _bytesOut);

    /// <summary>RFB messages of the viewer, also those that were held back.</summary>
    public long MessagesIn { get => Interlocked.Read(ref _messagesIn); set => Interlocked.Exchange(ref _messagesIn, value); }

    /// <summary>Complete updates of the picture.</summary>
    public long Updates { get => Interlocked.Read(ref _updates); set => Interlocked.Exchange(ref _updates, value); }

    /// <summary>Updates per second, over the last second or so.</summary>
    public float FramesPerSecond { get; set; }

    /// <summary>Bytes per second to the viewer, over the last second or so.</summary>
    public float BytesPerSecond { get; set; }

    /// <summary>How good the picture is now, and who says so; null for a viewer that takes no JPEG levels.</summary>
    public PictureQuality? Quality { get; set; }

    /// <summary>Ends when the viewer shall, or did; the first reason counts.</summary>
    public Task<(ViewerEnd End, string Sentence)> Ended => _ended.Task;

    public void End(ViewerEnd end, string sentence) => _ended.TrySetResult((end, sentence));

    public void Received(int bytes) => Interlocked.Add(ref _bytesIn, bytes);

    public void Sent(int bytes) => Interlocked.Add(ref _bytesOut, bytes);
}

/// <summary>The JPEG level a display is asked for.</summary>
/// <param name="Automatic">It follows the line; otherwise it is what the viewer asked for.</param>
/// <param name="Level">0 (small) to 9 (sharp).</param>
/// <param name="Best">What the viewer asked for: the level is never above.</param>
internal sealed record PictureQuality(bool Automatic, int Level, int Best);
