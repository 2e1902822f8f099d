using System.Globalization;
using System.Text;

namespace StreamSpace.Kernel;

/// <summary>Durations as people write them: <c>90s</c>, <c>30m</c>, <c>8h</c>, <c>30d</c>, <c>1h30m</c>.</summary>
public static class Duration
{
    /// <summary>Reads a duration of one second up to ten years.</summary>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (string.IsNullOrEmpty(text) || text.Length > 24)
            return false;
        var number = 0L;
        var digits = 0;
        var total = 0L;
        foreach (var c in text)
        {
            if (char.IsAsciiDigit(c) && digits < 9)
            {
                number = number * 10 + (c - '0');
                digits++;
                continue;
            }

            var unit = c switch { 's' => 1L, 'm' => 60L, 'h' => 3600L, 'd' => 86400L, _ => 0L };
            if (unit == 0 || digits == 0)
                return false;
            total += number * unit;
            (number, digits) = (0, 0);
        }

        if (digits > 0 || total is < 1 or > 315_360_000)
            return false;
        duration = TimeSpan.FromSeconds(total);
        return true;
    }

    /// <summary>Writes a duration in the form it is read.</summary>
    public static string Write(TimeSpan duration)
    {
        var seconds = (long)duration.TotalSeconds;
        if (seconds <= 0)
            return "0s";
        if (seconds % 86400 == 0)
            return string.Create(CultureInfo.InvariantCulture, $"{seconds / 86400}d");
        var text = new StringBuilder();
        if (seconds >= 3600)
            text.Append(CultureInfo.InvariantCulture, $"{seconds / 3600}h");
        if (seconds % 3600 >= 60)
            text.Append(CultureInfo.InvariantCulture, $"{seconds % 3600 / 60}m");
        if (seconds % 60 > 0)
            text.Append(CultureInfo.InvariantCulture, $"{seconds % 60}s");
        return text.ToString();
    }
}
