using Spectre.Console;

namespace StreamSpace.Cli;

/// <summary>Everything the program touches of the world around it, so that tests can stand in its place.</summary>
internal sealed record CliTerminal(TextReader In, TextWriter Out, TextWriter Error, bool Interactive, Func<string, string?> Environment, TimeProvider Clock)
{
    /// <summary>Tables on standard output.</summary>
    public IAnsiConsole Tables { get; } = AnsiConsole.Create(Settings(Out, Interactive));

    /// <summary>Progress, prompts and failures on standard error, so that standard output stays data.</summary>
    public IAnsiConsole Messages { get; } = AnsiConsole.Create(Settings(Error, Interactive));

    public static CliTerminal OfProcess() => new(
        Console.In, Console.Out, Console.Error, !Console.IsInputRedirected && !Console.IsErrorRedirected && !Console.IsOutputRedirected, System.Environment.GetEnvironmentVariable, TimeProvider.System);

    private static AnsiConsoleSettings Settings(TextWriter writer, bool interactive) => new()
    {
        Ansi = interactive ? AnsiSupport.Detect : AnsiSupport.No,
        ColorSystem = interactive ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        Interactive = interactive ? InteractionSupport.Yes : InteractionSupport.No,
        Out = new AnsiConsoleOutput(writer),
    };
}
