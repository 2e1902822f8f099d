using System.CommandLine;
using StreamSpace.Cli.Output;

namespace StreamSpace.Cli;

/// <summary>Options that every command takes.</summary>
internal static class Globals
{
    public static readonly Option<string?> Server = new("--server", "-s")
    {
        Description = "Address of the server (STREAMSPACE_SERVER, else the one logged in to last, else http://localhost:8080)",
        HelpName = "address",
        Recursive = true,
    };

    public static readonly Option<Format> Output = new("--output", "-o")
    {
        Description = "How to write the answer",
        HelpName = "table|json|yaml",
        Recursive = true,
        CustomParser = result => Enum.TryParse<Format>(result.Tokens[^1].Value, ignoreCase: true, out var format) && Enum.IsDefined(format)
            ? format
            : Refuse(result),
    };

    public static readonly Option<bool> Insecure = new("--insecure")
    {
        Description = "Accept a certificate that cannot be verified (a server that made its own)",
        Recursive = true,
    };

    private static Format Refuse(System.CommandLine.Parsing.ArgumentResult result)
    {
        result.AddError($"\"{result.Tokens[^1].Value}\" is no format: choose table, json or yaml.");
        return Format.Table;
    }
}
