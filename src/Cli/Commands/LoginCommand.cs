using System.CommandLine;
using Spectre.Console;
using StreamSpace.Cli.Logins;
using StreamSpace.Cli.Output;

namespace StreamSpace.Cli.Commands;

/// <summary>Logs in by password and keeps the tokens in a file of the caller's alone.</summary>
internal static class LoginCommand
{
    public static Command Create(CliTerminal terminal)
    {
        var username = new Argument<string?>("username") { Description = "Name to log in with", Arity = ArgumentArity.ZeroOrOne };
        var fromInput = new Option<bool>("--password-stdin") { Description = "Read the password from standard input" };
        var remember = new Option<bool>("--remember") { Description = "Stay logged in for 30 days instead of 7" };
        var command = new Command("login", "Log in to a server") { username, fromInput, remember };
        command.SetAction(async (parsed, ct) =>
        {
            var server = Connection.ServerOf(parsed, terminal);
            var file = LoginFile.Of(terminal.Environment);
            var name = parsed.GetValue(username) ?? Ask(terminal, "Username: ", secret: false);
            var password = parsed.GetValue(fromInput) ? (await terminal.In.ReadToEndAsync(ct)).TrimEnd('\r', '\n') : Ask(terminal, "Password: ", secret: true);
            if (password.Length == 0)
                throw new CliFailure(ExitCode.Usage, "The password is empty.");
            var tokens = new FileTokens(file, server, terminal.Clock) { Username = name };
            using var client = Connection.Open(parsed, terminal, server, tokens);
            var user = await client.Auth.LogInAsync(name, password, parsed.GetValue(remember), ct);
            Answer.Write(parsed, terminal, user, () => terminal.Out.WriteLine($"Logged in to {server} as {user.Username}."));
            if (terminal.Environment("STREAMSPACE_TOKEN") is { Length: > 0 })
                await terminal.Error.WriteLineAsync("STREAMSPACE_TOKEN is set and goes before this login. Unset it to use the login.");
            return ExitCode.Done;
        });
        return command;
    }

    private static string Ask(CliTerminal terminal, string question, bool secret)
    {
        if (!terminal.Interactive)
            throw new CliFailure(ExitCode.Usage, secret ? "Nobody can be asked for the password here: give it by --password-stdin." : "Nobody can be asked for the username here: give it as an argument.");
        var prompt = new TextPrompt<string>(question).AllowEmpty();
        return terminal.Messages.Prompt(secret ? prompt.Secret(null) : prompt);
    }
}

/// <summary>Ends the login on the server and forgets its tokens.</summary>
internal static class LogoutCommand
{
    public static Command Create(CliTerminal terminal)
    {
        var command = new Command("logout", "End the login and forget it");
        command.SetAction(async (parsed, ct) =>
        {
            using var client = Connection.Open(parsed, terminal);
            await client.Auth.LogOutAsync(ct);
            await terminal.Out.WriteLineAsync($"Logged out of {client.Server.AbsoluteUri.TrimEnd('/')}.");
            return ExitCode.Done;
        });
        return command;
    }
}

/// <summary>Tells who is logged in.</summary>
internal static class WhoAmICommand
{
    public static Command Create(CliTerminal terminal)
    {
        var command = new Command("whoami", "Show who is logged in and what they may do");
        command.SetAction(async (parsed, ct) =>
        {
            using var client = Connection.Open(parsed, terminal);
            var me = await client.Auth.MeAsync(ct);
            Answer.Write(parsed, terminal, me, () => Answer.Facts(
                terminal,
                ("Server", client.Server.AbsoluteUri.TrimEnd('/')),
                ("Username", me.User.Username),
                ("Name", me.User.DisplayName),
                ("E-mail", me.User.Email),
                ("Roles", string.Join(", ", me.User.Roles)),
                ("Permissions", me.Permissions.Count.ToString(System.Globalization.CultureInfo.InvariantCulture))));
            return ExitCode.Done;
        });
        return command;
    }
}
