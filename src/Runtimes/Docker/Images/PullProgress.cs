using StreamSpace.Runtimes.Docker.Engine;

namespace StreamSpace.Runtimes.Docker.Images;

/// <summary>
/// Adds up the layers of a pull. A layer counts 70 for its download and 30 for its extraction; until the engine has told every
/// layer's size the layers weigh the same, so the percentage is only ever moved up.
/// </summary>
internal sealed class PullProgress
{
    private readonly Dictionary<string, double> _layers = new(StringComparer.Ordinal);

    public int Percent { get; private set; }

    /// <summary>Takes one line of the engine; true when the percentage moved.</summary>
    public bool Take(BuildLine line)
    {
        if (line.Layer is null || Share(line) is not { } share)
            return false;
        _layers[line.Layer] = Math.Max(share, _layers.GetValueOrDefault(line.Layer));
        var percent = (int)(_layers.Values.Sum() / _layers.Count);
        if (percent <= Percent)
            return false;
        Percent = percent;
        return true;
    }

    private static double? Share(BuildLine line) => line.Status switch
    {
        "Pulling fs layer" or "Waiting" => 0,
        "Downloading" => 70 * Fraction(line.Progress),
        "Verifying Checksum" or "Download complete" => 70,
        "Extracting" => 70 + (30 * Fraction(line.Progress)),
        "Pull complete" or "Already exists" => 100,
        _ => null,
    };

    private static double Fraction(LayerProgress? progress) =>
        progress is { Current: { } current, Total: > 0 and { } total } ? Math.Clamp((double)current / total, 0, 1) : 0;
}
