using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace StreamSpace.Kernel;

/// <summary>ETag and If-Match of things whose changes are counted, for two people who edit the same one.</summary>
public static class Versions
{
    /// <summary>Tells the version that is answered, as the ETag.</summary>
    public static void TellVersion(this HttpContext context, int version) => context.Response.Headers.ETag = Tag(version);

    /// <summary>True when the caller edits an older copy. Without If-Match they say that they do not care.</summary>
    public static bool EditsOlderThan(this HttpContext context, int version)
    {
        var match = context.Request.Headers.IfMatch;
        return match.Count > 0 && !match.ToString().Split(',').Any(m => m.Trim() is "*" || m.Trim() == Tag(version));
    }

    private static string Tag(int version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");
}
