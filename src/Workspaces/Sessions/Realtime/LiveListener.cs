using System.Threading.Channels;
using StreamSpace.Contracts;

namespace StreamSpace.Sessions;

/// <summary>One open socket: what it may and wants to see, and the messages that wait for it.</summary>
internal sealed class LiveListener(UserId user, LoginId? login, bool seesAll, IReadOnlySet<string> holds, UserId? onlyUser, SessionId? onlySession)
{
    private const int MostWaiting = 2000;
    private readonly Channel<LiveMessage> waiting = Channel.CreateBounded<LiveMessage>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });

    public UserId User => user;

    public LoginId? Login => login;

    /// <summary>Whether the person may see everybody's sessions; changes when their roles do.</summary>
    public bool SeesAll { get; set; } = seesAll;

    /// <summary>Those of <see cref="LiveMessage.Audiences"/> whose permission the person holds; changes when their roles do.</summary>
    public IReadOnlySet<string> Holds { get; set; } = holds;

    public ChannelReader<LiveMessage> Waiting => waiting.Reader;

    /// <summary>Why it was ended; null while it goes on.</summary>
    public LiveEnd? End { get; private set; }

    /// <summary>What the person was given; changes with the events that tell it, and is put right by looking again.</summary>
    public GivenSessions Given { get; } = new();

    public bool Sees(LiveMessage message) =>
        (message.Owner == user || message.Also == user || (message.Audience.Length > 0 ? Holds.Contains(message.Audience) : (SeesAll && !message.OnlyTheirs) || Given.Includes(message)))
        && (onlyUser is null || message.Owner == onlyUser || message.Also == onlyUser) && (onlySession is null || message.Session == onlySession);

    /// <summary>Hands a message over; a listener that cannot keep up is ended and resumes from its last position.</summary>
    public void Offer(LiveMessage message)
    {
        if (Sees(message) && !waiting.Writer.TryWrite(message))
            Stop(LiveEnd.TooSlow);
    }

    public void Stop(LiveEnd end)
    {
        End ??= end;
        waiting.Writer.TryComplete();
    }
}

/// <summary>Why a realtime socket ends, with its close code.</summary>
internal enum LiveEnd
{
    /// <summary>The server stops; come again.</summary>
    ServerStops = 1001,

    /// <summary>Too slow; come again with the last id.</summary>
    TooSlow = 1013,

    /// <summary>The login ended.</summary>
    LoginEnded = 4401,
}
