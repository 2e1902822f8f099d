using System.CommandLine;

namespace StreamSpace.Cli.Commands;

/// <summary>Becomes the server that was built beside this program: <c>streamspace serve</c> is <c>./run</c> without the building.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var port = new Option<int?>("--port") { Description = "Port of the web UI and the API (8080)", HelpName = "port" };
        port.Validators.Add(r =>
        {
            if (r.GetValueOrDefault<int?>() is < 1 or > 65535)
                r.AddError("The port must be a number from 1 to 65535.");
        });
        var bind = new Option<string?>("--bind") { Description = "Address to listen on (127.0.0.1); any other address than loopback gets TLS", HelpName = "address" };
        var data = new Option<string?>("--data") { Description = "Where homes, the database and logs are kept", HelpName = "directory" };
        var runtime = new Option<string?>("--runtime") { Description = "Where sessions run (auto)", HelpName = "auto|local|docker" };
        runtime.AcceptOnlyFromAmong("auto", "local", "docker");
        var insecure = new Option<bool>("--insecure-http") { Description = "Plain HTTP also on other addresses: everybody on the way can read along" };
        var foreground = new Option<bool>("--foreground") { Description = "Accepted for likeness with ./run: this command always stays in the foreground" };
        var command = new Command("serve", "Start the server on this machine") { port, bind, data, runtime, insecure, foreground };
        command.SetAction(parsed =>
        {
            List<string> arguments = [];
            if (parsed.GetValue(port) is { } number)
                arguments.AddRange(["--port", number.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            foreach (var option in new[] { bind, data, runtime })
            {
                if (parsed.GetValue(option) is { } value)
                    arguments.AddRange([option.Name, value]);
            }

            if (parsed.GetValue(insecure))
                arguments.Add("--insecure-http");
            return ServerBinary.Become(arguments);
        });
        return command;
    }
}
