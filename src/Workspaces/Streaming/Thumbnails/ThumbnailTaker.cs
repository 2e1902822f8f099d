using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Kernel;
using StreamSpace.Rfb;
using StreamSpace.Rfb.Ends;
using StreamSpace.Rfb.Pictures;
using StreamSpace.Streaming.Viewers;

namespace StreamSpace.Streaming.Thumbnails;

/// <summary>
/// Looks at a running session's display for a moment, as one more client of it, and keeps a small picture. It is no viewer: it wakes nothing,
/// counts as no use, and asks for one frame only when somebody wants to see the card or the last viewer has just left.
/// </summary>
internal sealed partial class ThumbnailTaker(
    DisplayOpener displays, IDbContextFactory<StreamingDb> databases, ISecretBox box, IOptions<StreamingOptions> options, TimeProvider clock, ILogger<ThumbnailTaker> log)
{
    private const string Purpose = "thumbnail";
    private const int Width = 640;
    private const int Height = 400;
    private const int Quality = 72;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private readonly ConcurrentDictionary<SessionId, Lazy<Task<bool>>> _taking = new();

    /// <summary>Whether pictures are taken here at all.</summary>
    public bool Works => options.Value.Thumbnails && TurboJpeg.Missing is null;

    /// <summary>The last picture as a JPEG file; null when there is none or the key it was sealed with is gone.</summary>
    public async Task<(byte[] Jpeg, DateTimeOffset TakenAt)?> FindAsync(SessionId session, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        return await db.Thumbnails.AsNoTracking().FirstOrDefaultAsync(t => t.SessionId == session, ct) is { } row && box.Open(Purpose, row.Picture) is { } picture
            ? (Convert.FromBase64String(picture), row.TakenAt)
            : null;
    }

    /// <summary>Takes a new picture unless there is one younger than <paramref name="atMost"/>. However many ask at once, one look is taken.</summary>
    /// <returns>False when the display could not be looked at.</returns>
    public Task<bool> RefreshAsync(SessionId session, TimeSpan atMost) => _taking.GetOrAdd(session, id => new(() => Task.Run(async () => // lazy: GetOrAdd may build several, one of them is kept
    {
        try
        {
            return await TakeAsync(id, atMost);
        }
        finally
        {
            _taking.TryRemove(id, out _);
        }
    }))).Value;

    private async Task<bool> TakeAsync(SessionId session, TimeSpan atMost)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        var ct = patience.Token;
        try
        {
            await using var db = await databases.CreateDbContextAsync(ct);
            var now = clock.GetUtcNow();
            if (await db.Thumbnails.AnyAsync(t => t.SessionId == session && t.TakenAt > now - atMost, ct))
                return true;
            var jpeg = await LookAsync(session, ct);
            var picture = box.Seal(Purpose, Convert.ToBase64String(jpeg));
            await db.Database.ExecuteSqlAsync(
                $"""
                insert into streaming.thumbnails (session_id, taken_at, picture) values ({session.Value}, {clock.GetUtcNow()}, {picture})
                on conflict (session_id) do update set taken_at = excluded.taken_at, picture = excluded.picture
                """, ct);
            return true;
        }
        catch (Exception e) when (e is RfbException or RuntimeFailure or IOException or OperationCanceledException or System.Net.Sockets.SocketException or DbUpdateException or Npgsql.NpgsqlException)
        {
            LogFailed(log, session, e.Message);
            return false;
        }
    }

    private async Task<byte[]> LookAsync(SessionId session, CancellationToken ct)
    {
        var (stream, password) = await displays.OpenAsync(session, ct);
        try
        {
            await using var client = await RfbClient.ConnectAsync(stream, password, ct, new RfbClientOptions { Quality = 6 });
            var whole = (long)client.Picture.Width * client.Picture.Height;
            await client.WaitForAsync(_ => client.Painted >= whole, ct);
            return TurboJpeg.Encode(Rfb.Pictures.Thumbnail.Of(client.Picture, Width, Height), Quality);
        }
        finally
        {
            await stream.DisposeAsync();
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "No picture of session {Session}: {Problem}")]
    private static partial void LogFailed(ILogger log, SessionId session, string problem);
}
