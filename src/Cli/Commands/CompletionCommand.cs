using System.CommandLine;

namespace StreamSpace.Cli.Commands;

/// <summary>Prints the shell code that completes commands, options and names of sessions and templates.</summary>
internal static class CompletionCommand
{
    private const string Bash =
        """
        _streamspace() {
          local IFS=$'\n'
          COMPREPLY=($(streamspace "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null | awk -v w="${COMP_WORDS[COMP_CWORD]}" 'index($0, w) == 1'))
        }
        complete -F _streamspace streamspace
        """;

    private const string Zsh =
        """
        #compdef streamspace
        _streamspace() {
          local -a found
          found=("${(@f)$(streamspace "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
          compadd -- "${found[@]}"
        }
        compdef _streamspace streamspace
        """;

    private const string Fish =
        """
        complete -c streamspace -f -a '(streamspace "[suggest:"(commandline -C)"]" (commandline) 2>/dev/null)'
        """;

    public static Command Create(CliTerminal terminal)
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Print completion for your shell; in bash: source <(streamspace completion bash)") { shell };
        command.SetAction(async (parsed, _) =>
        {
            await terminal.Out.WriteLineAsync(parsed.GetRequiredValue(shell) switch { "zsh" => Zsh, "fish" => Fish, _ => Bash });
            return ExitCode.Done;
        });
        return command;
    }
}
