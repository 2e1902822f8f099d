using System.CommandLine;
using System.Globalization;
using StreamSpace.Cli.Logins;
using StreamSpace.Cli.Output;
using StreamSpace.Client;

namespace StreamSpace.Cli.Commands;

/// <summary>Building our images and checking anybody's against the image contract.</summary>
internal static class ImageCommands
{
    public static Command Create(CliTerminal terminal) => new("image", "Images for the docker runtime")
    {
        Streaming(terminal, "build", "Build one of the images in images/", "Name of the image, or of the template that needs it", (client, image, ct) => client.Images.BuildAsync(image, ct)),
        Streaming(terminal, "check", "Check an image against the image contract", "The image, as the engine knows it", (client, image, ct) => client.Images.CheckAsync(image, ct)),
    };

    private static Command Streaming(CliTerminal terminal, string name, string description, string meaning, Func<StreamSpaceClient, string, CancellationToken, IAsyncEnumerable<ImageStep>> run)
    {
        var image = new Argument<string>("image") { Description = meaning };
        var command = new Command(name, description) { image };
        command.SetAction(async (parsed, ct) =>
        {
            using var client = Connection.Open(parsed, terminal);
            var ok = false;
            List<ImageStep> told = [];
            await foreach (var step in run(client, parsed.GetRequiredValue(image), ct))
            {
                ok = step.Ok ?? (step.Passed == false ? false : ok);
                told.Add(step);
                if (parsed.GetValue(Globals.Output) == Format.Table)
                    Tell(terminal, step);
            }

            Answer.Write(parsed, terminal, told, () => { });
            return ok ? ExitCode.Done : ExitCode.EndedInFailure;
        });
        return command;
    }

    private static void Tell(CliTerminal terminal, ImageStep step)
    {
        var mark = (step.Passed ?? step.Ok) switch { true => "✓ ", false => "✗ ", _ => "" };
        var percent = step.Percent is { } p ? string.Create(CultureInfo.InvariantCulture, $"{p,3:0} % ") : "";
        var text = $"{mark}{percent}{step.Name}{(step.Name is not null && step.Text is not null ? ": " : "")}{step.Text}";
        if (text.Length > 0)
            terminal.Out.WriteLine(text);
    }
}
