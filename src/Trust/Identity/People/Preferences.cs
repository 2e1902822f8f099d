using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using StreamSpace.Contracts.Identity;
using StreamSpace.Kernel;

namespace StreamSpace.Identity;

/// <summary>How somebody likes things. Null means: not chosen, follow the platform.</summary>
public sealed record Preferences(
    [RegularExpression("^(system|light|dark)$", ErrorMessage = "must be system, light or dark.")] string? Theme = null,
    [RegularExpression("^(en|de)$", ErrorMessage = "must be en or de.")] string? Language = null,
    [RegularExpression("^(auto|local|docker|kubernetes)$", ErrorMessage = "must be auto, local, docker or kubernetes.")] string? DefaultRuntime = null,
    [RegularExpression("^(auto|[1-9][0-9]{2,3}x[1-9][0-9]{2,3})$", ErrorMessage = "must be auto or a size such as 1280x800.")] string? DefaultGeometry = null,
    [RegularExpression("^[a-z0-9_-]{1,32}$", ErrorMessage = "must be the name of a keyboard layout, such as us or de.")] string? KeyboardLayout = null,
    [RegularExpression("^(fit|remote|none)$", ErrorMessage = "must be fit, remote or none.")] string? Scaling = null,
    [RegularExpression("^(auto|low|medium|high|lossless)$", ErrorMessage = "must be auto, low, medium, high or lossless.")] string? Quality = null,
    [RegularExpression("^(ask|always|never)$", ErrorMessage = "must be ask, always or never.")] string? Clipboard = null,
    bool? ReduceMotion = null,
    bool? CompactLists = null,
    JsonObject? Ui = null);

/// <summary>The caller's own preferences.</summary>
internal static class MyPreferences
{
    private const int MostUi = 8 * 1024;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/me/preferences", ShowAsync).NeedsLogin().WithSummary("My preferences").WithTags("Me");
        api.MapPatch("/me/preferences", ChangeAsync).NeedsLogin().Audited("user.preferences_changed").WithSummary("Change some of my preferences").WithTags("Me");
    }

    internal static async Task<Preferences> ShowAsync(ICaller caller, IdentityDb db, CancellationToken ct) =>
        Read(await db.Users.Where(u => u.Id == caller.UserId).Select(u => u.Preferences).SingleAsync(ct));

    internal static async Task<Results<Ok<Preferences>, FailureResult>> ChangeAsync(Preferences request, ICaller caller, IdentityDb db, IEventLog events, AuditScope audit, CancellationToken ct)
    {
        audit.Resource = $"user:{caller.UserId}";
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var user = await db.Users.FromSql($"select * from identity.users where id = {caller.UserId.Value} for update").SingleAsync(ct);
        var merged = JsonNode.Parse(user.Preferences)!.AsObject();
        var fields = new List<string>();
        foreach (var (name, value) in JsonSerializer.SerializeToNode(request, Json.Options)!.AsObject())
        {
            if (value is null)
                continue;
            // An empty text takes a choice back. Whatever the web UI keeps for itself is merged one level deep; null takes a member out.
            if (value is JsonValue text && text.TryGetValue<string>(out var chosen) && chosen.Length == 0)
            {
                merged.Remove(name);
            }
            else if (name == "ui" && merged["ui"] is JsonObject kept)
            {
                foreach (var (key, part) in value.AsObject().ToArray())
                {
                    if (part is null)
                        kept.Remove(key);
                    else
                        kept[key] = part.DeepClone();
                }
            }
            else
            {
                merged[name] = value.DeepClone();
            }

            fields.Add(name);
        }

        if (merged["ui"]?.ToJsonString().Length > MostUi)
            return Failure.Field("ui", $"may have at most {MostUi} characters.").ToHttp();
        user.Preferences = merged.ToJsonString();
        if (fields.Count > 0)
            events.Append(db, new UserUpdated(user.Id, user.Username, [.. fields.Select(f => "preferences." + f)]));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Ok(Read(user.Preferences));
    }

    // Kept by an older version, perhaps: what is not known any more is left out.
    private static Preferences Read(string json) => JsonSerializer.Deserialize<Preferences>(json, Json.EventOptions) ?? new();
}
