namespace StreamSpace.Streaming.Probes;

/// <summary>Times from a move of the pointer to its picture, in milliseconds.</summary>
/// <param name="Min">The shortest.</param>
/// <param name="P50">Half were at most so long.</param>
/// <param name="P95">Of twenty, nineteen were at most so long.</param>
/// <param name="Max">The longest.</param>
/// <param name="Values">All, in the order they were measured.</param>
public sealed record ProbeFigures(double Min, double P50, double P95, double Max, IReadOnlyList<double> Values)
{
    /// <summary>Of at least one sample.</summary>
    internal static ProbeFigures Of(IReadOnlyList<TimeSpan> samples)
    {
        double[] sorted = [.. samples.Select(s => Round(s.TotalMilliseconds)).Order()];
        double At(double share) => sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
        return new(sorted[0], At(0.5), At(0.95), sorted[^1], [.. samples.Select(s => Round(s.TotalMilliseconds))]);
    }

    internal static double Round(double milliseconds) => Math.Round(milliseconds, 2);
}
