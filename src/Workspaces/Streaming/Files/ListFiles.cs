using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using StreamSpace.Contracts.Dlp;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;

namespace StreamSpace.Streaming.Files;

/// <summary>GET /console/files/{session}: one folder below the home, folders first, page by page; and what data protection says about files here.</summary>
internal static class ListFiles
{
    /// <param name="Path">Absolute, or from the home on; the home when absent.</param>
    public sealed record Query([FromQuery(Name = "path")] string? Path);

    /// <param name="Path">The folder, absolute inside the session.</param>
    /// <param name="Items">Its entries.</param>
    /// <param name="NextCursor">For the next page; null at the end.</param>
    /// <param name="Total">How many entries the folder has; at most 100,000 are told.</param>
    /// <param name="Upload">Files into the session.</param>
    /// <param name="Download">Files out of the session.</param>
    public sealed record Response(string Path, IReadOnlyList<Item> Items, string? NextCursor, long Total, Border Upload, Border Download);

    /// <param name="Name">Last part of the path.</param>
    /// <param name="Path">Absolute inside the session.</param>
    /// <param name="Type">file, folder or link.</param>
    /// <param name="Size">Bytes.</param>
    /// <param name="Mode">Unix permissions in octal digits: 0644.</param>
    /// <param name="ModifiedAt">Last change.</param>
    /// <param name="Hidden">Its name begins with a dot.</param>
    public sealed record Item(string Name, string Path, string Type, long Size, string Mode, DateTimeOffset ModifiedAt, bool Hidden);

    /// <summary>What data protection says in one direction, for the page's buttons; the server decides by itself.</summary>
    /// <param name="Allowed">Whether files move at all.</param>
    /// <param name="MaxBytes">Largest file; null where no policy sets a limit.</param>
    /// <param name="Scanned">Whether each file is scanned for viruses.</param>
    /// <param name="ClosedBy">Name of the policy that closes it; null while it is open.</param>
    public sealed record Border(bool Allowed, long? MaxBytes, bool Scanned, string? ClosedBy);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/console/files/{session}", HandleAsync).Needs(StreamingPermissions.ReadFiles)
        .WithSummary("List a folder below a session's home").WithTags("Files").Produces<Response>();

    internal static async Task<IResult> HandleAsync(SessionRef session, [AsParameters] Query query, [AsParameters] PageQuery page, FileDesk desks, CancellationToken ct)
    {
        var desk = await desks.OpenAsync(session, ct);
        if (!desk.Ok)
            return desk.Failure.ToHttp();
        var path = HomePath.Parse(query.Path);
        if (!path.Ok)
            return path.Failure.ToHttp();
        var cursor = Cursor.Read(page.Cursor, 2);
        if (!cursor.Ok)
            return cursor.Failure.ToHttp();
        try
        {
            var entries = await desk.Value.Files.ListAsync(desk.Value.Session.Id, path.Value, ct);
            var sorted = entries.OrderByDescending(e => e.IsFolder).ThenBy(e => e.Name, StringComparer.OrdinalIgnoreCase).ThenBy(e => e.Name, StringComparer.Ordinal).ToList();
            var from = cursor.Value is [var kind, var name] ? sorted.FindIndex(e => IsAfter(e, kind == "1", name)) : 0;
            var items = from < 0 ? [] : sorted.Skip(from).Take(page.Size).Select(ToItem).ToList();
            var next = from >= 0 && from + items.Count < sorted.Count ? Cursor.Write(items[^1].Type == "folder" ? "1" : "0", items[^1].Name) : null;
            return TypedResults.Ok(new Response(path.Value, items, next, entries.Count, ToBorder(desk.Value.Policy.Upload), ToBorder(desk.Value.Policy.Download)));
        }
        catch (RuntimeFailure e)
        {
            return FileFailures.Of(e, desk.Value.Session.Runtime).ToHttp();
        }
    }

    private static bool IsAfter(FileEntry entry, bool folder, string name)
    {
        if (entry.IsFolder != folder)
            return folder;
        var order = string.Compare(entry.Name, name, StringComparison.OrdinalIgnoreCase);
        return order != 0 ? order > 0 : string.CompareOrdinal(entry.Name, name) > 0;
    }

    private static Item ToItem(FileEntry e) => new(
        e.Name, e.Path, e.IsFolder ? "folder" : e.IsLink ? "link" : "file", e.Bytes, Convert.ToString(e.Mode & 0xFFF, 8).PadLeft(4, '0').ToString(CultureInfo.InvariantCulture), e.ModifiedAt,
        e.Name.StartsWith('.'));

    private static Border ToBorder(FileRules rules) => new(rules.Allowed.Value, rules.MaxBytes.Value, rules.Scan.Value, rules.Allowed.Value ? null : rules.Allowed.By?.Name);
}
