using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;

namespace StreamSpace.Streaming.Files;

/// <summary>Folders made and removed, files removed, both renamed: what moves no byte over the border.</summary>
internal static class ChangeFiles
{
    /// <param name="Path">Absolute, or from the home on.</param>
    public sealed record Query([FromQuery(Name = "path")] string? Path);

    /// <param name="Path">Absolute, or from the home on.</param>
    /// <param name="Recursive">True removes the folder with everything in it; else only an empty one.</param>
    public sealed record FolderQuery([FromQuery(Name = "path")] string? Path, [FromQuery(Name = "recursive")] bool? Recursive);

    /// <param name="Path">What is renamed.</param>
    /// <param name="To">Its new path; nothing may be there yet.</param>
    public sealed record RenameRequest([MaxLength(4100)] string? Path = null, [MaxLength(4100)] string? To = null);

    /// <param name="Path">Absolute inside the session.</param>
    public sealed record Response(string Path);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/console/files/{session}/directory", MakeFolderAsync).Needs(StreamingPermissions.WriteFiles).Audited("session.folder.created")
            .WithSummary("Make a folder below a session's home").WithTags("Files").Produces<Response>(StatusCodes.Status201Created);
        api.MapDelete("/console/files/{session}/directory", RemoveFolderAsync).Needs(StreamingPermissions.WriteFiles).Audited("session.folder.deleted")
            .WithSummary("Remove a folder below a session's home").WithTags("Files").Produces(StatusCodes.Status204NoContent);
        api.MapDelete("/console/files/{session}/file", RemoveFileAsync).Needs(StreamingPermissions.WriteFiles).Audited("session.file.deleted")
            .WithSummary("Remove a file below a session's home").WithTags("Files").Produces(StatusCodes.Status204NoContent);
        api.MapPost("/console/files/{session}/rename", RenameAsync).Needs(StreamingPermissions.WriteFiles).Audited("session.file.renamed")
            .WithSummary("Rename or move a file or folder below a session's home").WithTags("Files").Produces<Response>();
    }

    internal static Task<IResult> MakeFolderAsync(SessionRef session, [AsParameters] Query query, FileDesk desks, AuditScope audit, CancellationToken ct) => DoAsync(
        session, HomePath.ParseNew(query.Path), desks, audit, async (desk, path) =>
        {
            await desk.Files.MakeFolderAsync(desk.Session.Id, path, ct);
            return TypedResults.Created((string?)null, new Response(path));
        }, ct);

    internal static Task<IResult> RemoveFolderAsync(SessionRef session, [AsParameters] FolderQuery query, FileDesk desks, AuditScope audit, CancellationToken ct) => DoAsync(
        session, HomePath.ParseInside(query.Path), desks, audit, async (desk, path) =>
        {
            await desk.Files.RemoveFolderAsync(desk.Session.Id, path, query.Recursive == true, ct);
            return TypedResults.NoContent();
        }, ct);

    internal static Task<IResult> RemoveFileAsync(SessionRef session, [AsParameters] Query query, FileDesk desks, AuditScope audit, CancellationToken ct) => DoAsync(
        session, HomePath.ParseInside(query.Path), desks, audit, async (desk, path) =>
        {
            await desk.Files.RemoveFileAsync(desk.Session.Id, path, ct);
            return TypedResults.NoContent();
        }, ct);

    internal static Task<IResult> RenameAsync(SessionRef session, RenameRequest request, FileDesk desks, AuditScope audit, CancellationToken ct) => DoAsync(
        session, HomePath.ParseInside(request.Path), desks, audit, async (desk, path) =>
        {
            var to = HomePath.ParseNew(request.To, "to");
            if (!to.Ok)
                return to.Failure.ToHttp();
            audit.Changed("to", null, to.Value);
            await desk.Files.RenameAsync(desk.Session.Id, path, to.Value, ct);
            return TypedResults.Ok(new Response(to.Value));
        }, ct);

    private static async Task<IResult> DoAsync(SessionRef session, Result<string> path, FileDesk desks, AuditScope audit, Func<OpenDesk, string, Task<IResult>> work, CancellationToken ct)
    {
        var desk = await desks.OpenAsync(session, ct);
        if (!desk.Ok)
            return desk.Failure.ToHttp();
        if (!path.Ok)
            return path.Failure.ToHttp();
        audit.Resource = $"session:{desk.Value.Session.Id}";
        audit.Changed("path", null, path.Value);
        try
        {
            return await work(desk.Value, path.Value);
        }
        catch (RuntimeFailure e)
        {
            return FileFailures.Of(e, desk.Value.Session.Runtime).ToHttp();
        }
    }
}
