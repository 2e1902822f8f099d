using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using StreamSpace.Contracts.Dlp;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;

namespace StreamSpace.Streaming.Files;

/// <summary>
/// GET /console/files/{session}/download. A file that must be scanned waits outside of the session until it is clean, and is what was scanned; of
/// others the leading bytes that were looked at are the ones that are sent. Ranges where all of it can be reached.
/// </summary>
internal static class DownloadFile
{
    /// <param name="Path">The file, absolute or from the home on.</param>
    public sealed record Query([FromQuery(Name = "path")] string? Path);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/console/files/{session}/download", HandleAsync).Needs(StreamingPermissions.ReadFiles).Audited("session.file.downloaded")
        .Endless().WithSummary("Fetch a file from below a session's home").WithTags("Files").Produces(StatusCodes.Status200OK, contentType: "application/octet-stream");

    internal static async Task<IResult> HandleAsync(
        SessionRef session, [AsParameters] Query query, ICaller caller, FileDesk desks, WaitingRoom room, FileActivity activity, AuditScope audit,
        IOptions<StreamingOptions> options, CancellationToken ct)
    {
        var opened = await desks.OpenAsync(session, ct);
        if (!opened.Ok)
            return opened.Failure.ToHttp();
        var path = HomePath.ParseInside(query.Path);
        if (!path.Ok)
            return path.Failure.ToHttp();
        var desk = opened.Value;
        audit.Resource = $"session:{desk.Session.Id}";
        audit.Changed("file", null, path.Value);
        var place = room.Enter(caller.UserId);
        if (place is null)
            return FileFailures.TooMany(options.Value.MaxTransfersPerPerson).ToHttp();
        HomeFile? file = null;
        try
        {
            file = await desk.Files.ReadAsync(desk.Session.Id, path.Value, ct);
            audit.Changed("bytes", null, file.Bytes);
            var checkedFile = await CheckAsync(desk, HomePath.NameOf(path.Value), file, desks, room, () => activity.Seen(desk.Session.Id, caller.UserId), options.Value.MaxFileBytes, ct);
            if (!checkedFile.Ok)
                return checkedFile.Failure.ToHttp();
            var answer = new FileAnswer(checkedFile.Value, HomePath.NameOf(path.Value), file, place, () => activity.Seen(desk.Session.Id, caller.UserId));
            (file, place) = (null, null);
            return answer;
        }
        catch (RuntimeFailure e)
        {
            return FileFailures.Of(e, desk.Session.Runtime).ToHttp();
        }
        finally
        {
            if (file is not null)
                await file.DisposeAsync();
            place?.Dispose();
        }
    }

    private static async Task<Result<Outgoing>> CheckAsync(
        OpenDesk desk, string name, HomeFile file, FileDesk desks, WaitingRoom room, Action moving, long most, CancellationToken ct)
    {
        var rules = desk.Policy.Download;
        if (desks.Tell(desk, DlpChannel.FileDownload, desks.Border.CheckSize(rules, file.Bytes), name, file.Bytes, "") is { } refused)
            return refused;
        if (!rules.Scan.Value)
        {
            if (rules.AllowTypes.Value is null && rules.DenyTypes.Count == 0)
                return new Outgoing(file.Content, [], file.Bytes, file.ModifiedAt);
            var head = new byte[Math.Min(file.Bytes, IFileBorder.HeadBytes)];
            head = head[..await file.Content.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, ct)];
            var seen = desks.Border.TypeOf(head);
            return desks.Tell(desk, DlpChannel.FileDownload, desks.Border.CheckType(rules, name, seen), name, file.Bytes, seen) is { } denied ? denied : new Outgoing(file.Content, head, file.Bytes, file.ModifiedAt);
        }

        var limit = Math.Min(most, rules.MaxBytes.Value ?? long.MaxValue);
        var taken = await room.TakeAsync(
            file.Content, null, limit, () => desks.Tell(desk, DlpChannel.FileDownload, desks.Border.CheckSize(rules, limit + 1), name, limit + 1, "") ?? FileFailures.TooLarge(limit, null), moving, ct);
        if (!taken.Ok)
            return taken.Failure;
        var type = desks.Border.TypeOf(taken.Value.Head);
        var found = desks.Border.CheckType(rules, name, type) ?? await desks.Border.ScanAsync(rules, taken.Value.Content, ct);
        if (desks.Tell(desk, DlpChannel.FileDownload, found, name, taken.Value.Bytes, type) is { } blocked)
        {
            await taken.Value.DisposeAsync();
            return blocked;
        }

        taken.Value.Content.Position = 0;
        return new Outgoing(taken.Value.Content, [], taken.Value.Bytes, file.ModifiedAt);
    }
}
