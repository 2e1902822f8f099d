using StreamSpace.Contracts.Sessions;

namespace StreamSpace.Sharing;

/// <summary>Levels as text; on input the aliases of the product count too.</summary>
internal static class Levels
{
    public static string ToText(AccessLevel level) => level.ToString().ToLowerInvariant();

    public static AccessLevel? Parse(string? text) => text?.Trim().ToLowerInvariant() switch
    {
        "view" or "read" or "viewer" or "view-only" => AccessLevel.View,
        "collaborate" or "write" or "editor" => AccessLevel.Collaborate,
        "control" or "manage" or "admin" or "full" => AccessLevel.Control,
        _ => null,
    };
}
