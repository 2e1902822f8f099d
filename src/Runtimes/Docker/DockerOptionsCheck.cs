using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace StreamSpace.Runtimes.Docker;

/// <summary>Tells every wrong setting at once, when the server starts.</summary>
internal sealed partial class DockerOptionsCheck : IValidateOptions<DockerOptions>
{
    public ValidateOptionsResult Validate(string? name, DockerOptions options)
    {
        var wrong = new List<string>();
        if (options.Installation.Length > 0 && !Word().IsMatch(options.Installation))
            wrong.Add("Runtimes:Docker:Installation must be lower case letters, digits and dashes, at most 32");
        if (!NetworkName().IsMatch(options.Network))
            wrong.Add("Runtimes:Docker:Network must be a name the engine accepts: letters, digits, dots, dashes, underscores, at most 63");
        if (options.DisplayTimeout < TimeSpan.FromSeconds(1) || options.DisplayTimeout > TimeSpan.FromMinutes(10))
            wrong.Add("Runtimes:Docker:DisplayTimeout must be between 1 second and 10 minutes");
        try
        {
            DockerRuntimeServices.AddressOf(options);
        }
        catch (FormatException e)
        {
            wrong.Add($"Runtimes:Docker:Host: {e.Message}");
        }

        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,31}$", RegexOptions.CultureInvariant, 200)]
    private static partial Regex Word();

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$", RegexOptions.CultureInvariant, 200)]
    private static partial Regex NetworkName();
}
