namespace StreamSpace.Contracts.Sessions;

/// <summary>Levels as text; on input the aliases of the product count too.</summary>
public static class Levels
{
    /// <summary><c>view</c>, <c>collaborate</c> or <c>control</c>.</summary>
    public static string ToText(AccessLevel level) => level switch
    {
        AccessLevel.Control => "control",
        AccessLevel.Collaborate => "collaborate",
        _ => "view",
    };

    /// <summary>Null when it is none.</summary>
    public static AccessLevel? Parse(string? text) => text?.Trim().ToLowerInvariant() switch
    {
        "view" or "read" or "viewer" or "view-only" => AccessLevel.View,
        "collaborate" or "write" or "editor" => AccessLevel.Collaborate,
        "control" or "manage" or "admin" or "full" => AccessLevel.Control,
        _ => null,
    };
}
