using StreamSpace.Contracts.Sessions;

namespace StreamSpace.Streaming;

/// <summary>Levels as text; on input the aliases of the product count too.</summary>
internal static class Levels
{
    public static string ToText(AccessLevel level) => level switch
    {
        AccessLevel.Control => "control",
        AccessLevel.Collaborate => "collaborate",
        _ => "view",
    };

    public static AccessLevel? Parse(string text) => text.ToLowerInvariant() switch
    {
        "view" or "read" or "viewer" or "view-only" => AccessLevel.View,
        "collaborate" or "write" or "editor" => AccessLevel.Collaborate,
        "control" or "manage" or "admin" or "full" => AccessLevel.Control,
        _ => null,
    };
}
