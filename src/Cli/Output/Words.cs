namespace StreamSpace.Cli.Output;

/// <summary>Times as people say them.</summary>
internal static class Words
{
    public static string Ago(DateTimeOffset? then, TimeProvider clock)
    {
        if (then is not { } at)
            return "";
        var span = clock.GetUtcNow() - at;
        return span.TotalSeconds < 60 ? $"{Math.Max(0, (int)span.TotalSeconds)} s ago"
            : span.TotalMinutes < 60 ? $"{(int)span.TotalMinutes} min ago"
            : span.TotalHours < 48 ? $"{(int)span.TotalHours} h ago"
            : $"{(int)span.TotalDays} d ago";
    }

    public static string Took(TimeSpan span) => span.TotalSeconds < 10 ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.0} s") : $"{(int)span.TotalSeconds} s";
}
