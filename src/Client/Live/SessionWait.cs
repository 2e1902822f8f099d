using System.Threading.Channels;

namespace StreamSpace.Client;

/// <summary>Waits for a session without asking again and again: the realtime socket says when to look.</summary>
public static class SessionWait
{
    /// <summary>Follows a session until it is in one of the phases or in one that it cannot leave by itself.</summary>
    /// <param name="client">The client.</param>
    /// <param name="session">Id of the session.</param>
    /// <param name="phases">The phases waited for.</param>
    /// <param name="changed">Told of each new state seen.</param>
    /// <param name="ct">Ends the waiting.</param>
    /// <returns>The session as it was last seen; the caller looks at its phase.</returns>
    public static async Task<Session> UntilAsync(this StreamSpaceClient client, string session, IReadOnlyCollection<string> phases, Action<Session> changed, CancellationToken ct)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
        // One slot is enough: however many events came meanwhile, one look shows what they did.
        var news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        var listening = ListenAsync(client, session, news.Writer, enough.Token);
        try
        {
            await foreach (var _ in news.Reader.ReadAllAsync(ct))
            {
                var seen = await LookAsync(client, session, ct);
                if (seen is null)
                    return new Session { Id = session, Name = session, Phase = Phases.Terminated };
                changed(seen);
                if (phases.Contains(seen.Phase) || seen.Phase is Phases.Failed or Phases.Terminated)
                    return seen;
            }

            await listening;
            throw new OperationCanceledException(ct);
        }
        finally
        {
            await enough.CancelAsync();
            await listening.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private static async Task<Session?> LookAsync(StreamSpaceClient client, string session, CancellationToken ct)
    {
        try
        {
            return await client.Sessions.GetAsync(session, ct);
        }
        catch (ClientFailure e) when (e.Status is System.Net.HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private static async Task ListenAsync(StreamSpaceClient client, string session, ChannelWriter<bool> news, CancellationToken ct)
    {
        try
        {
            await foreach (var _ in client.Live.SessionsAsync(session, _ => { news.TryWrite(true); return Task.CompletedTask; }, ct))
                news.TryWrite(true);
        }
        finally
        {
            news.TryComplete();
        }
    }
}
