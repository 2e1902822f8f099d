using System.Globalization;

namespace StreamSpace.Client;

/// <summary>Recordings of sessions.</summary>
public sealed class RecordingsApi
{
    private readonly Transport transport;

    internal RecordingsApi(Transport transport) => this.transport = transport;

    /// <summary>One page of recordings, newest first.</summary>
    public Task<Page<Recording>> ListAsync(string? state, string? owner, string? text, string? cursor, int limit, CancellationToken ct) => transport.GetAsync<Page<Recording>>(
        Query.Of("api/v1/recordings", ("state", state), ("owner", owner), ("text", text), ("cursor", cursor), ("limit", limit.ToString(CultureInfo.InvariantCulture))), ct);

    /// <summary>Starts to record a session.</summary>
    public Task<Recording> StartAsync(string session, string? reason, CancellationToken ct) =>
        transport.PostAsync<Recording>($"api/v1/sessions/{Query.Escape(session)}/recordings/start", new { reason }, ct);

    /// <summary>Stops recording a session.</summary>
    public Task<Recording> StopAsync(string session, CancellationToken ct) => transport.PostAsync<Recording>($"api/v1/sessions/{Query.Escape(session)}/recordings/stop", null, ct);

    /// <summary>One recording.</summary>
    public Task<Recording> GetAsync(string recording, CancellationToken ct) => transport.GetAsync<Recording>($"api/v1/recordings/{Query.Escape(recording)}", ct);

    /// <summary>Its segments, in order.</summary>
    public async Task<IReadOnlyList<RecordingSegment>> SegmentsAsync(string recording, CancellationToken ct)
    {
        var all = new List<RecordingSegment>();
        for (string? cursor = null; ;)
        {
            var page = await transport.GetAsync<Page<RecordingSegment>>(Query.Of($"api/v1/recordings/{Query.Escape(recording)}/segments", ("limit", "200"), ("cursor", cursor)), ct);
            all.AddRange(page.Items);
            if ((cursor = page.NextCursor) is null)
                return all;
        }
    }

    /// <summary>One segment's file, to be kept; the recording's log says so.</summary>
    public async Task<byte[]> DownloadAsync(string recording, int number, CancellationToken ct)
    {
        using var answer = await transport.SendAsync(
            HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"api/v1/recordings/{Query.Escape(recording)}/segments/{number}?purpose=download"), null, HttpCompletionOption.ResponseContentRead, ct);
        return await answer.Content.ReadAsByteArrayAsync(ct);
    }
}
