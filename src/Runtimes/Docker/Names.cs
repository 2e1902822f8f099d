using System.Security.Cryptography;
using System.Text;
using StreamSpace.Contracts;

namespace StreamSpace.Runtimes.Docker;

/// <summary>Names and labels of everything made on the engine; from a session's id each of them can be found again.</summary>
internal static class Names
{
    public const string Session = "streamspace.session";
    public const string Installation = "streamspace.installation";
    public const string Owner = "streamspace.owner";
    public const string Template = "streamspace.template";
    public const string DisplayPort = "streamspace.display-port";
    public const string UserNamespaces = "streamspace.userns";
    public const string Contract = "streamspace.contract";
    public const string Recipe = "streamspace.recipe";

    public static string Container(SessionId session) => $"streamspace-{session}";

    public static string PersonalHome(string installation, string ownerSlug) => $"streamspace-home-{installation}-{ownerSlug}";

    public static string OwnHome(SessionId session) => $"streamspace-home-session-{session}";

    /// <summary>An interface name has 15 characters at most.</summary>
    public static string Bridge(string network) => "ss-" + Digest(network);

    public static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8];

    public static SessionId? SessionOf(IReadOnlyDictionary<string, string>? labels) =>
        labels is not null && labels.TryGetValue(Session, out var text) && SessionId.TryParse(text, null, out var id) ? id : null;
}
