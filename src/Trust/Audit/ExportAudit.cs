using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Kernel;

namespace StreamSpace.Audit;

/// <summary>Downloads what a search finds, oldest first, however much that is: written while it is read.</summary>
internal static class ExportAudit
{
    /// <param name="Format">csv or json.</param>
    public sealed record Choice([FromQuery(Name = "format"), RegularExpression("^(csv|json)$", ErrorMessage = "must be csv or json.")] string? Format);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/audit/export", Handle).Needs(AuditPermissions.Export).Audited("audit.exported").Endless()
        .WithSummary("Download the audit as CSV or JSON").WithTags("Audit");

    internal static PushStreamHttpResult Handle([AsParameters] Choice choice, [AsParameters] AuditQuery query, IDbContextFactory<AuditDb> databases, HttpContext context, CancellationToken ct)
    {
        var json = choice.Format == "json";
        return TypedResults.Stream(
            body => json ? WriteJsonAsync(databases, query, body, ct) : WriteCsvAsync(databases, query, body, ct),
            json ? "application/json" : "text/csv; charset=utf-8", json ? "audit.json" : "audit.csv");
    }

    private static async Task WriteJsonAsync(IDbContextFactory<AuditDb> databases, AuditQuery query, Stream body, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        await body.WriteAsync("["u8.ToArray(), ct);
        byte[] between = [];
        await foreach (var entry in Find(db, query).WithCancellation(ct))
        {
            await body.WriteAsync(between, ct);
            await body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(entry.ToView(), Json.Options), ct);
            between = [(byte)',', (byte)'\n'];
        }

        await body.WriteAsync("]"u8.ToArray(), ct);
    }

    private static async Task WriteCsvAsync(IDbContextFactory<AuditDb> databases, AuditQuery query, Stream body, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        await using var writer = new StreamWriter(body, new UTF8Encoding(false), 32 * 1024, leaveOpen: true);
        var line = new StringBuilder("id,time,action,actor_id,actor,resource,result,status,address,agent,trace_id,changes,hash\r\n");
        await foreach (var entry in Find(db, query).WithCancellation(ct))
        {
            await writer.WriteAsync(line, ct);
            line.Clear();
            foreach (var cell in (string?[])[
                entry.Id.ToString(CultureInfo.InvariantCulture), entry.Time.ToString("O", CultureInfo.InvariantCulture), entry.Action, entry.Actor?.ToString(), entry.ActorName, entry.Resource,
                entry.Result, entry.Status.ToString(CultureInfo.InvariantCulture), entry.Address, entry.Agent, entry.TraceId, entry.Changes, Convert.ToHexStringLower(entry.Hash)])
                line.Append(line.Length == 0 ? "" : ",").Append(Cell(cell));
            line.Append("\r\n");
        }

        await writer.WriteAsync(line, ct);
        await writer.FlushAsync(ct);
    }

    private static IAsyncEnumerable<Entry> Find(AuditDb db, AuditQuery query) => query.Apply(db.Entries.AsNoTracking()).OrderBy(e => e.Id).AsAsyncEnumerable();

    /// <summary>Quotes a cell; one that a spreadsheet would take for a formula gets an apostrophe in front, since others wrote these texts.</summary>
    internal static string Cell(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return "";
        if (text[0] is '=' or '+' or '-' or '@' or '\t' or '\r')
            text = "'" + text;
        return text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
