using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Kernel;

namespace StreamSpace.Templates;

/// <summary>Adds and removes favourites. Asking twice is fine.</summary>
internal static class ChooseFavourite
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPut("/templates/{name}/favourite", AddAsync).Needs(TemplatesPermissions.View).Produces(204)
            .Audited("template.favoured").WithName("AddFavourite").WithTags("Templates").WithSummary("Make a template a favourite");
        api.MapDelete("/templates/{name}/favourite", RemoveAsync).Needs(TemplatesPermissions.View).Produces(204)
            .Audited("template.unfavoured").WithName("RemoveFavourite").WithTags("Templates").WithSummary("Take a template from the favourites");
    }

    private static async Task<IResult> AddAsync(string name, Catalogue catalogue, TemplatesDb db, ICaller caller, TimeProvider clock, CancellationToken ct)
    {
        if (catalogue.Get(name) is null)
            return BrowseTemplates.Missing.ToHttp();
        await db.Database.ExecuteSqlAsync($"insert into templates.favourites(user_id, template, at) values ({caller.UserId.Value}, {name}, {clock.GetUtcNow()}) on conflict do nothing", ct);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> RemoveAsync(string name, TemplatesDb db, ICaller caller, CancellationToken ct)
    {
        var me = caller.UserId;
        await db.Favourites.Where(f => f.UserId == me && f.Template == name).ExecuteDeleteAsync(ct);
        return TypedResults.NoContent();
    }
}
