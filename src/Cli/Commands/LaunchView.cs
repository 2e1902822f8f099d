using System.CommandLine;
using Spectre.Console;
using StreamSpace.Cli.Output;
using StreamSpace.Client;

namespace StreamSpace.Cli.Commands;

/// <summary>Shows the steps of a launch, wake or hibernation until it is done.</summary>
internal static class LaunchView
{
    public static async Task<int> FinishAsync(ParseResult parsed, CliTerminal terminal, StreamSpaceClient client, Session asked, string title, string wanted, bool noWait, CancellationToken ct)
    {
        if (noWait)
        {
            Answer.Write(parsed, terminal, asked, () => terminal.Out.WriteLine(asked.Name));
            return ExitCode.Done;
        }

        var started = terminal.Clock.GetTimestamp();
        var done = terminal.Interactive && parsed.GetValue(Globals.Output) == Format.Table
            ? await WithBarsAsync(terminal, client, asked, title, wanted, ct)
            : await client.UntilAsync(asked.Id, [wanted], _ => { }, ct);
        var took = Words.Took(terminal.Clock.GetElapsedTime(started));
        if (done.Phase == wanted)
        {
            Answer.Write(parsed, terminal, done, () => terminal.Out.WriteLine($"{done.Name} is {wanted} ({took})."));
            return ExitCode.Done;
        }

        Answer.Write(parsed, terminal, done, () => { });
        await terminal.Error.WriteLineAsync(done.Phase == Phases.Terminated
            ? $"{done.Name} was ended meanwhile."
            : $"{done.Name} failed: {done.Message ?? done.Reason ?? "the server did not say why"}");
        return ExitCode.EndedInFailure;
    }

    private static Task<Session> WithBarsAsync(CliTerminal terminal, StreamSpaceClient client, Session asked, string title, string wanted, CancellationToken ct) =>
        terminal.Messages.Progress()
            .AutoClear(true)
            .Columns(new SpinnerColumn(), new TaskDescriptionColumn(), new ProgressBarColumn(), new ElapsedTimeColumn())
            .StartAsync(async progress =>
            {
                var whole = progress.AddTask($"{title} {Markup.Escape(asked.Name)}");
                var steps = new Dictionary<string, ProgressTask>(StringComparer.Ordinal);
                return await client.UntilAsync(asked.Id, [wanted], seen => Show(progress, whole, steps, seen), ct);
            });

    private static void Show(ProgressContext progress, ProgressTask whole, Dictionary<string, ProgressTask> steps, Session seen)
    {
        if (seen.QueuePosition is { } position)
            whole.Description = $"Queued, {position} before you";
        if (seen.Progress is not { Steps: { Count: > 0 } known })
            return;
        foreach (var step in known)
        {
            if (!steps.TryGetValue(step.Name, out var bar))
                steps[step.Name] = bar = progress.AddTask(Markup.Escape(Title(step.Name)));
            bar.Description = Markup.Escape("  " + (step.Text ?? Title(step.Name)));
            bar.IsIndeterminate = step is { State: "active", Percent: null };
            bar.Value = step.State == "done" ? 100 : step.Percent ?? 0;
        }

        whole.Value = 100.0 * known.Count(s => s.State == "done") / known.Count;
    }

    private static string Title(string step) => step switch
    {
        "reserve" => "Reserve",
        "prepare_image" => "Prepare image",
        "start" => "Start",
        "connect" => "Connect",
        _ => step,
    };
}
