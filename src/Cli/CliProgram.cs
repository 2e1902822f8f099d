using System.CommandLine;
using StreamSpace.Cli.Commands;
using StreamSpace.Client;

namespace StreamSpace.Cli;

/// <summary>The command tree, and the one place where failures become sentences and exit codes.</summary>
internal static class CliProgram
{
    public static async Task<int> RunAsync(string[] args, CliTerminal terminal, CancellationToken ct)
    {
        var root = Root(terminal);
        var parsed = root.Parse(args.Length == 0 ? ["--help"] : args);
        if (parsed.Action is null or System.CommandLine.Invocation.ParseErrorAction) // --help and completion run also on a line with mistakes
        {
            foreach (var error in parsed.Errors.Take(3))
                await terminal.Error.WriteLineAsync(error.Message);
            await terminal.Error.WriteLineAsync($"See: {Path(parsed.CommandResult)} --help");
            return ExitCode.Usage;
        }

        try
        {
            var output = new InvocationConfiguration { Output = terminal.Out, Error = terminal.Error, EnableDefaultExceptionHandler = false };
            return await parsed.InvokeAsync(output, ct);
        }
        catch (ClientFailure failure)
        {
            return await Failures.TellAsync(failure, terminal);
        }
        catch (CliFailure failure)
        {
            await terminal.Error.WriteLineAsync(failure.Message);
            return failure.Code;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
        catch (IOException e)
        {
            await terminal.Error.WriteLineAsync(e.Message);
            return ExitCode.Failure;
        }
    }

    internal static RootCommand Root(CliTerminal terminal)
    {
        var root = new RootCommand("StreamSpace: desktops and applications in a browser tab.")
        {
            ServeCommand.Create(),
            LoginCommand.Create(terminal),
            LogoutCommand.Create(terminal),
            WhoAmICommand.Create(terminal),
            TemplateCommands.Create(terminal),
            SessionCommands.Create(terminal),
            RecordingCommands.Create(terminal),
            ImageCommands.Create(terminal),
            MigrateCommand.Create(),
            VersionCommand.Create(terminal),
            CompletionCommand.Create(terminal),
        };
        root.Options.Add(Globals.Server);
        root.Options.Add(Globals.Output);
        root.Options.Add(Globals.Insecure);
        return root;
    }

    private static string Path(System.CommandLine.Parsing.CommandResult command)
    {
        var names = new Stack<string>();
        for (System.CommandLine.Parsing.SymbolResult? at = command; at is not null; at = at.Parent)
        {
            if (at is System.CommandLine.Parsing.CommandResult { Command: { } named })
                names.Push(named is RootCommand ? "streamspace" : named.Name);
        }

        return string.Join(' ', names);
    }
}
