using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using StreamSpace.Kernel;

namespace StreamSpace.Templates;

/// <summary>Which templates to list.</summary>
/// <param name="Search">Words found in name, description, tags or category; every word must be found.</param>
/// <param name="Category">One category.</param>
/// <param name="Tag">One tag.</param>
/// <param name="Favourite">True: only one's own favourites.</param>
/// <param name="Recent">True: only those one used, newest first.</param>
/// <param name="Sort"><c>name</c> (usual), <c>-launches</c>, <c>-last_used_at</c>, <c>start_ms</c>.</param>
public sealed record TemplateFilter(
    [FromQuery(Name = "search"), MaxLength(100)] string? Search, [FromQuery(Name = "category"), MaxLength(40)] string? Category, [FromQuery(Name = "tag"), MaxLength(40)] string? Tag,
    [FromQuery(Name = "favourite")] bool? Favourite, [FromQuery(Name = "recent")] bool? Recent,
    [FromQuery(Name = "sort"), RegularExpression("^(name|-launches|-last_used_at|start_ms)$", ErrorMessage = "must be name, -launches, -last_used_at or start_ms.")] string? Sort);

/// <summary>Lists, finds and shows templates. The catalogue is small and in memory, so filters are plain loops.</summary>
internal static class BrowseTemplates
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/templates", ListAsync).Needs(TemplatesPermissions.View).Produces<Page<TemplateAnswer>>()
            .WithName("ListTemplates").WithTags("Templates").WithSummary("List templates").WithDescription("The catalogue, with whether each can start on each runtime.");
        api.MapGet("/templates/categories", (Catalogue catalogue) =>
                TypedResults.Ok(new Page<CategoryAnswer>([.. catalogue.All.GroupBy(t => t.Facts.Category).Select(g => new CategoryAnswer(g.Key, g.Count())).OrderBy(c => c.Name, StringComparer.Ordinal)], null)))
            .Needs(TemplatesPermissions.View).Produces<Page<CategoryAnswer>>().WithName("ListCategories").WithTags("Templates").WithSummary("List categories");
        api.MapGet("/templates/{name}", GetAsync).Needs(TemplatesPermissions.View).Produces<TemplateAnswer>()
            .WithName("GetTemplate").WithTags("Templates").WithSummary("Read one template");
        // Icons are public: an image element sends no login of its own on the API's side of a proxy.
        api.MapGet("/templates/{name}/icon", Icon).Anonymous().Produces(200, contentType: "image/svg+xml")
            .WithName("GetTemplateIcon").WithTags("Templates").WithSummary("A template's icon (SVG)");
    }

    internal static Failure Missing { get; } = Failure.Missing("template");

    private static async Task<IResult> ListAsync([AsParameters] TemplateFilter filter, [AsParameters] PageQuery page, Catalogue catalogue, TemplateStories stories, ReadinessBoard board, CancellationToken ct)
    {
        var from = Cursor.Read(page.Cursor, 1);
        if (!from.Ok)
            return from.Failure.ToHttp();
        var start = 0;
        if (from.Value is { } position && !int.TryParse(position[0], out start))
            return Cursor.Foreign.ToHttp();
        var story = await stories.ReadAsync(ct);
        var found = Sorted(catalogue.All.Where(t => Matches(t, filter)).Select(t => t.ToAnswer(story(t.Facts.Name), board)), filter)
            .Where(t => (filter.Favourite != true || t.Favourite) && (filter.Recent != true || t.LastUsedAt is not null)).ToList();
        var next = start + page.Size < found.Count ? Cursor.Write((start + page.Size).ToString(System.Globalization.CultureInfo.InvariantCulture)) : null;
        return TypedResults.Ok(new Page<TemplateAnswer>([.. found.Skip(start).Take(page.Size)], next, found.Count));
    }

    private static async Task<IResult> GetAsync(string name, Catalogue catalogue, TemplateStories stories, ReadinessBoard board, CancellationToken ct) =>
        catalogue.Get(name) is { } template ? TypedResults.Ok(template.ToAnswer((await stories.ReadAsync(ct))(name), board)) : Missing.ToHttp();

    private static IResult Icon(string name, Catalogue catalogue, HttpContext http)
    {
        if (catalogue.Get(name) is not { } template)
            return Missing.ToHttp();
        http.Response.Headers.CacheControl = "public, max-age=3600";
        // A picture only: opened by itself it may neither run scripts nor load anything.
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
        return TypedResults.Bytes(template.Icon, "image/svg+xml");
    }

    private static IEnumerable<TemplateAnswer> Sorted(IEnumerable<TemplateAnswer> all, TemplateFilter filter) => (filter.Sort ?? (filter.Recent == true ? "-last_used_at" : "name")) switch
    {
        "-launches" => all.OrderByDescending(t => t.Launches),
        "-last_used_at" => all.OrderByDescending(t => t.LastUsedAt),
        "start_ms" => all.OrderBy(t => t.StartMs ?? long.MaxValue),
        _ => all,
    };

    private static bool Matches(Template template, TemplateFilter filter) =>
        (filter.Category is not { Length: > 0 } category || string.Equals(template.Facts.Category, category, StringComparison.OrdinalIgnoreCase))
        && (filter.Tag is not { Length: > 0 } tag || template.Tags.Contains(tag, StringComparer.OrdinalIgnoreCase))
        && (filter.Search ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).All(word => Says(template, word));

    private static bool Says(Template template, string word) =>
        new[] { template.Facts.Name, template.Facts.DisplayName, template.Description, template.Facts.Category }.Concat(template.Tags).Any(text => text.Contains(word, StringComparison.OrdinalIgnoreCase));
}
