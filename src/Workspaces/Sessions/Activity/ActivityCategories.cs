namespace StreamSpace.Sessions;

/// <summary>Which events make a line of a session's history, and of which kind.</summary>
internal static class ActivityCategories
{
    public static readonly string[] All = ["lifecycle", "connection", "state", "configuration", "access", "error"];

    private static readonly HashSet<string> Noise = new(StringComparer.Ordinal) { "session.progress", "session.heartbeat", "session.resources.updated", "session.viewer.dropped" };

    /// <summary>Null for what is no history.</summary>
    public static string? Of(string type)
    {
        if (!type.StartsWith("session.", StringComparison.Ordinal) || Noise.Contains(type))
            return null;
        return type switch
        {
            "session.connected" or "session.disconnected" => "connection",
            "session.state.changed" or "session.idle" or "session.active" => "state",
            "session.updated" or "session.tags.updated" => "configuration",
            "session.shared" or "session.unshared" or "session.transferred" => "access",
            "session.error" => "error",
            _ => "lifecycle",
        };
    }
}
