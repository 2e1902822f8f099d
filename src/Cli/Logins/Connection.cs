using System.CommandLine;
using StreamSpace.Client;

namespace StreamSpace.Cli.Logins;

/// <summary>Which server is meant, and a client for it.</summary>
internal static class Connection
{
    public const string DefaultServer = "http://localhost:8080";

    /// <summary>The server of the command line, the environment, the last login, or this machine.</summary>
    public static string ServerOf(ParseResult parsed, CliTerminal terminal)
    {
        var named = parsed.GetValue(Globals.Server) ?? terminal.Environment("STREAMSPACE_SERVER");
        if (string.IsNullOrEmpty(named))
            named = LoginFile.Of(terminal.Environment).Read().Current ?? DefaultServer;
        if (!named.Contains("://", StringComparison.Ordinal))
            named = (named.StartsWith("localhost", StringComparison.Ordinal) || named.StartsWith("127.", StringComparison.Ordinal) ? "http://" : "https://") + named;
        return Uri.TryCreate(named, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.Host.Length > 0
            ? address.GetLeftPart(UriPartial.Path).TrimEnd('/')
            : throw new CliFailure(ExitCode.Usage, $"\"{named}\" is no address of a server. It looks like http://localhost:8080.");
    }

    /// <summary>A client with the token of the environment, or with the saved login.</summary>
    public static StreamSpaceClient Open(ParseResult parsed, CliTerminal terminal)
    {
        var server = ServerOf(parsed, terminal);
        ITokenStore tokens = terminal.Environment("STREAMSPACE_TOKEN") is { Length: > 0 } token
            ? new MemoryTokens(new Tokens(token.Trim(), null, null))
            : new FileTokens(LoginFile.Of(terminal.Environment), server, terminal.Clock);
        return Open(parsed, terminal, server, tokens);
    }

    /// <summary>A client with these tokens.</summary>
    public static StreamSpaceClient Open(ParseResult parsed, CliTerminal terminal, string server, ITokenStore tokens) =>
        new(new Uri(server), tokens, Handler(parsed.GetValue(Globals.Insecure) || terminal.Environment("STREAMSPACE_INSECURE") == "1"), terminal.Clock);

    private static SocketsHttpHandler Handler(bool insecure)
    {
        var handler = new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false };
        if (insecure)
        {
#pragma warning disable CA5359, MA0039 // asked for by name: a server that made its own certificate
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359, MA0039
        }

        return handler;
    }
}
