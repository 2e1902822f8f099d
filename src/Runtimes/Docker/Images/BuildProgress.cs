using System.Globalization;
using System.Text.RegularExpressions;

namespace StreamSpace.Runtimes.Docker.Images;

/// <summary>
/// Turns the output of a build into a percentage and a line for a person. The engine tells "Step 3/8"; inside the step that
/// installs packages apt tells how many, then unpacks and sets up each: that is where the time goes.
/// </summary>
internal sealed partial class BuildProgress
{
    private int _step = 1;
    private int _steps = 1;
    private int _packages;
    private int _handled;

    public int Percent { get; private set; }

    public string Text { get; private set; } = "Preparing the build";

    /// <summary>Takes one line; true when there is something new to show.</summary>
    public bool Take(string line)
    {
        var text = Escapes().Replace(line, "").Trim();
        if (text.Length == 0)
            return false;
        if (StepLine().Match(text) is { Success: true } step)
        {
            (_step, _steps, _packages, _handled) = (Number(step, "step"), Math.Max(1, Number(step, "steps")), 0, 0);
            Text = Shorten(step.Groups["what"].Value);
        }
        else if (CountLine().Match(text) is { Success: true } count)
        {
            _packages = Number(count, "count");
        }
        else if (PackageLine().Match(text) is { Success: true } package)
        {
            _handled++;
            Text = (package.Groups["verb"].Value[0] == 'U' ? "Unpacking " : "Installing ") + package.Groups["package"].Value;
        }
        else if (FetchLine().Match(text) is { Success: true } fetch)
        {
            Text = "Fetching " + fetch.Groups["package"].Value;
        }
        else
        {
            return false;
        }

        var inside = _packages == 0 ? 0 : Math.Min(1.0, _handled / (2.0 * _packages));
        Percent = Math.Max(Percent, (int)(100 * (_step - 1 + inside) / _steps));
        return true;
    }

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    private static string Shorten(string text) => text.Length <= 80 ? text : text[..79] + "…";

    [GeneratedRegex(@"^Step (?<step>\d{1,4})/(?<steps>\d{1,4}) : (?<what>.+)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 200)]
    private static partial Regex StepLine();

    [GeneratedRegex(@"(?<count>\d{1,5}) newly installed", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 200)]
    private static partial Regex CountLine();

    [GeneratedRegex(@"^(?<verb>Unpacking|Setting up) (?<package>[^\s:]+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 200)]
    private static partial Regex PackageLine();

    [GeneratedRegex(@"^Get:\d+ \S+ \S+ \S+ (?<package>\S+) \S+", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 200)]
    private static partial Regex FetchLine();

    [GeneratedRegex("\u001b\\[[0-9;?]*[A-Za-z]", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 200)]
    private static partial Regex Escapes();
}
