using System.Globalization;

namespace StreamSpace.Kernel;

/// <summary>Sizes (<c>512Mi</c>, <c>2Gi</c>) and CPU (<c>500m</c>, <c>2</c>, <c>1.5</c>) as people write them, after Kubernetes' quantities.</summary>
public static class Quantity
{
    private static readonly (string Suffix, long Factor)[] Sizes =
    [
        ("Ti", 1L << 40), ("Gi", 1L << 30), ("Mi", 1L << 20), ("Ki", 1L << 10),
        ("T", 1_000_000_000_000), ("G", 1_000_000_000), ("M", 1_000_000), ("k", 1_000),
    ];

    /// <summary>Reads a size in bytes: a number with <c>Ki Mi Gi Ti</c> (or <c>k M G T</c>), more than zero, at most 1 PiB.</summary>
    public static bool TryBytes(string? text, out long bytes)
    {
        bytes = 0;
        if (string.IsNullOrEmpty(text) || text.Length > 20)
            return false;
        var (suffix, factor) = Sizes.FirstOrDefault(s => text.EndsWith(s.Suffix, StringComparison.Ordinal), ("", 1));
        if (!decimal.TryParse(text.AsSpan(0, text.Length - suffix.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return false;
        if (number <= 0 || number > (1L << 50) / (decimal)factor)
            return false;
        bytes = (long)(number * factor);
        return bytes > 0;
    }

    /// <summary>Reads CPU in thousandths of a core, 1 to 1,024,000.</summary>
    public static bool TryMillicores(string? text, out int millicores)
    {
        millicores = 0;
        if (string.IsNullOrEmpty(text) || text.Length > 12)
            return false;
        var milli = text.EndsWith('m');
        if (!decimal.TryParse(milli ? text.AsSpan(0, text.Length - 1) : text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return false;
        var value = milli ? number : number * 1000;
        if (value < 1 || value > 1_024_000)
            return false;
        millicores = (int)value;
        return true;
    }

    /// <summary>Writes bytes in the largest binary unit that divides them.</summary>
    public static string Bytes(long bytes)
    {
        foreach (var (suffix, factor) in Sizes.Take(4))
        {
            if (bytes >= factor && bytes % factor == 0)
                return $"{bytes / factor}{suffix}";
        }

        return bytes.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Writes CPU: whole cores as <c>2</c>, anything else as <c>1500m</c>.</summary>
    public static string Millicores(int millicores) =>
        millicores % 1000 == 0 ? (millicores / 1000).ToString(CultureInfo.InvariantCulture) : $"{millicores}m";
}
