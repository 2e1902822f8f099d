using System.Collections.Immutable;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Sharing;
using StreamSpace.Kernel;

namespace StreamSpace.Sessions;

/// <summary>Other people's sessions that one socket's person may look at. Events change it in their order; a list that was read meanwhile does not undo them.</summary>
internal sealed class GivenSessions
{
    private readonly Lock changing = new();
    private volatile ImmutableDictionary<SessionId, (DateTimeOffset Since, DateTimeOffset? Until)> sessions = ImmutableDictionary<SessionId, (DateTimeOffset, DateTimeOffset?)>.Empty;
    private int changes;

    /// <summary>Whether a message is about one of them, of what people may hear who only look, and of the time they may.</summary>
    public bool Includes(LiveMessage message) =>
        message is { ForLookers: true, OnlyTheirs: false, Session: { } session } && sessions.TryGetValue(session, out var given) && message.At >= given.Since && !(message.At >= given.Until);

    /// <summary>Follows a share that began, changed or ended.</summary>
    public void Follow(EventRecord fact)
    {
        lock (changing)
        {
            changes++;
            if (fact.Type == "session.shared")
            {
                var told = fact.As<SessionShared>();
                sessions = sessions.SetItem(told.Session, (told.Since, told.ExpiresAt));
            }
            else
            {
                sessions = sessions.Remove(fact.As<SessionUnshared>().Session);
            }
        }
    }

    /// <summary>Reads the list anew.</summary>
    public async Task ReadAsync(UserId user, ISessionGrants grants, CancellationToken ct)
    {
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var before = Volatile.Read(ref changes);
            var read = (await grants.ListAsync(user, ct)).ToImmutableDictionary(g => g.Session, g => (g.Since, g.Until));
            lock (changing)
            {
                if (changes != before)
                    continue;
                sessions = read;
                return;
            }
        }
    }
}
