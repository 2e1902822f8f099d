using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using StreamSpace.Contracts.Dlp;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;

namespace StreamSpace.Streaming.Files;

/// <summary>
/// POST /console/files/{session}/upload: the request's body becomes a file. (1) what can be said before a byte came; (2) all of it waits outside of the
/// session; (3) rights, phase and policy as of now, since much may have happened meanwhile; (4) the border; (5) into the session, whole.
/// </summary>
internal static class UploadFile
{
    /// <param name="Path">The file to be, absolute or from the home on; its folder must be there.</param>
    /// <param name="Replace">True puts it in the place of a file that is there; else that is refused.</param>
    /// <param name="Sha256">What the content's SHA-256 must be; another one is refused.</param>
    public sealed record Query(
        [FromQuery(Name = "path")] string? Path,
        [FromQuery(Name = "replace")] bool? Replace,
        [FromQuery(Name = "sha256"), RegularExpression("^[0-9a-fA-F]{64}$", ErrorMessage = "must be 64 hexadecimal digits.")] string? Sha256);

    /// <param name="Path">The file, absolute inside the session.</param>
    /// <param name="Size">Bytes.</param>
    /// <param name="Sha256">Hash of the content, in hexadecimal digits.</param>
    /// <param name="Type">Its real type, by its leading bytes.</param>
    /// <param name="Scanned">Whether the virus scanner found it clean.</param>
    public sealed record Response(string Path, long Size, string Sha256, string Type, bool Scanned);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/console/files/{session}/upload", HandleAsync).Needs(StreamingPermissions.WriteFiles).Audited("session.file.uploaded")
        .Endless().WithMetadata(new AnySize()).WithSummary("Put a file below a session's home; the body is the file").WithTags("Files").Produces<Response>(StatusCodes.Status201Created);

    internal static async Task<IResult> HandleAsync(
        SessionRef session, [AsParameters] Query query, HttpContext context, ICaller caller, FileDesk desks, WaitingRoom room, FileActivity activity, AuditScope audit,
        IOptions<StreamingOptions> options, CancellationToken ct)
    {
        var early = await desks.OpenAsync(session, ct);
        if (!early.Ok)
            return early.Failure.ToHttp();
        var path = HomePath.ParseNew(query.Path);
        if (!path.Ok)
            return path.Failure.ToHttp();
        var name = HomePath.NameOf(path.Value);
        audit.Resource = $"session:{early.Value.Session.Id}";
        audit.Changed("file", null, path.Value);
        if (desks.Tell(early.Value, DlpChannel.FileUpload, desks.Border.CheckSize(early.Value.Policy.Upload, context.Request.ContentLength ?? 0), name, context.Request.ContentLength ?? 0, "") is { } refused) // (1)
            return refused.ToHttp();
        using var place = room.Enter(caller.UserId);
        if (place is null)
            return FileFailures.TooMany(options.Value.MaxTransfersPerPerson).ToHttp();
        var most = Math.Min(options.Value.MaxFileBytes, early.Value.Policy.Upload.MaxBytes.Value ?? long.MaxValue);
        var taken = await room.TakeAsync( // (2)
            context.Request.Body, context.Request.ContentLength, most, () => TooLarge(desks, early.Value, name, most), () => activity.Seen(early.Value.Session.Id, caller.UserId), ct);
        if (!taken.Ok)
            return taken.Failure.ToHttp();
        await using var file = taken.Value;
        if (query.Sha256 is { } wanted && !wanted.Equals(file.Sha256, StringComparison.OrdinalIgnoreCase))
            return Failure.Field("sha256", "is not the hash of what arrived; send it again.").ToHttp();
        var now = await desks.OpenAsync(session, ct); // (3)
        if (!now.Ok)
            return now.Failure.ToHttp();
        return await PassAsync(now.Value, path.Value, query.Replace == true, file, desks, audit, ct);
    }

    private static async Task<IResult> PassAsync(OpenDesk desk, string path, bool replace, WaitingFile file, FileDesk desks, AuditScope audit, CancellationToken ct)
    {
        var (rules, name, type) = (desk.Policy.Upload, HomePath.NameOf(path), desks.Border.TypeOf(file.Head));
        var found = desks.Border.CheckSize(rules, file.Bytes) ?? desks.Border.CheckType(rules, name, type) ?? await desks.Border.ScanAsync(rules, file.Content, ct); // (4)
        if (desks.Tell(desk, DlpChannel.FileUpload, found, name, file.Bytes, type) is { } blocked)
            return blocked.ToHttp();
        file.Content.Position = 0;
        try
        {
            await desk.Files.WriteAsync(desk.Session.Id, path, file.Content, file.Bytes, replace, ct); // (5)
        }
        catch (RuntimeFailure e)
        {
            return FileFailures.Of(e, desk.Session.Runtime).ToHttp();
        }

        audit.Changed("bytes", null, file.Bytes);
        audit.Changed("type", null, type);
        audit.Changed("sha256", null, file.Sha256);
        return TypedResults.Created((string?)null, new Response(path, file.Bytes, file.Sha256, type, rules.Scan.Value && found is null));
    }

    private static Failure TooLarge(FileDesk desks, OpenDesk desk, string name, long most) =>
        desks.Tell(desk, DlpChannel.FileUpload, desks.Border.CheckSize(desk.Policy.Upload, most + 1), name, most + 1, "") ?? FileFailures.TooLarge(most, null);

    /// <summary>The pipeline's limit for bodies is for JSON; here the policy and the settings limit.</summary>
    private sealed record AnySize : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => long.MaxValue;
    }
}
