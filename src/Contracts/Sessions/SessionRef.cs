using System.Globalization;

namespace StreamSpace.Contracts.Sessions;

/// <summary>How a route names a session: by its id, or by its name, which addresses the caller's own session only.</summary>
/// <param name="Id">The id; null when the text was a name.</param>
/// <param name="Name">The name; null when the text was an id.</param>
public readonly record struct SessionRef(SessionId? Id, string? Name)
{
    /// <summary>Used by route binding; any text is a reference, if only to nothing.</summary>
    public static bool TryParse(string? s, IFormatProvider? provider, out SessionRef result)
    {
        result = Guid.TryParse(s, CultureInfo.InvariantCulture, out var id) ? new(SessionId.From(id), null) : new(null, s ?? "");
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Id?.ToString() ?? Name ?? "";
}
