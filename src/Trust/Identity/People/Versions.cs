using System.Globalization;
using Microsoft.AspNetCore.Http;
using StreamSpace.Kernel;

namespace StreamSpace.Identity;

/// <summary>ETag and If-Match of an account, for two administrators who edit the same one.</summary>
internal static class Versions
{
    public static void Tell(HttpContext context, User user) => context.Response.Headers.ETag = Tag(user);

    /// <summary>The failure when the caller edits an older copy; null without If-Match.</summary>
    public static Failure? Check(HttpContext context, User user)
    {
        var match = context.Request.Headers.IfMatch;
        return match.Count == 0 || match.ToString().Split(',').Any(m => m.Trim() is "*" || m.Trim() == Tag(user)) ? null : UserFailures.ChangedMeanwhile;
    }

    private static string Tag(User user) => string.Create(CultureInfo.InvariantCulture, $"\"{user.Version}\"");
}
