namespace StreamSpace.Client;

/// <summary>One page of a list.</summary>
/// <param name="Items">The page's items.</param>
/// <param name="NextCursor">Give it as cursor for the next page; null: this was the last.</param>
/// <param name="Total">How many there are on all pages, where the server counts them.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor = null, long? Total = null);

/// <summary>Builds the query of a list.</summary>
internal static class Query
{
    public static string Of(string path, params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var separator = '?';
        foreach (var (name, value) in parameters)
        {
            if (string.IsNullOrEmpty(value))
                continue;
            path = $"{path}{separator}{name}={Uri.EscapeDataString(value)}";
            separator = '&';
        }

        return path;
    }

    public static string Escape(string segment) => Uri.EscapeDataString(segment);
}
