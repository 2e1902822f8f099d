using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts;
using StreamSpace.Kernel;

namespace StreamSpace.Streaming.Thumbnails;

/// <summary>A session that ended leaves no picture behind.</summary>
internal sealed class ThumbnailRemover(StreamingDb db) : IEventConsumer
{
    public string Name => "streaming.thumbnails";

    public bool FromNow => true;

    public IReadOnlySet<string> Types { get; } = new HashSet<string> { "session.deleted" };

    public async Task HandleAsync(IReadOnlyList<EventRecord> batch, CancellationToken ct)
    {
        foreach (var fact in batch)
        {
            if (fact.Type == "session.deleted" && fact.Subject.Split(':') is ["session", var id] && Guid.TryParse(id, out var session))
                await db.Thumbnails.Where(t => t.SessionId == new SessionId(session)).ExecuteDeleteAsync(ct);
        }
    }
}
