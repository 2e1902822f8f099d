namespace StreamSpace.Kernel;

/// <summary>Patterns for LIKE and ILIKE from what people type, in which no character means more than itself.</summary>
public static class LikePattern
{
    /// <summary>Anything with the text in it.</summary>
    public static string Containing(string text) => "%" + Escape(text.Trim()) + "%";

    /// <summary>Anything that begins with the text.</summary>
    public static string BeginningWith(string text) => Escape(text) + "%";

    // A backslash is the escape character unless a query names another.
    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
}
