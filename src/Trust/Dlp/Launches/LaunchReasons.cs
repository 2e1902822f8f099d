using StreamSpace.Kernel;

namespace StreamSpace.Dlp;

/// <summary>What people write to each other about launches.</summary>
internal static class LaunchReasons
{
    /// <summary>Null when it says something and can be kept.</summary>
    public static Failure? Check(string field, string text) =>
        string.IsNullOrWhiteSpace(text) ? Failure.Field(field, "must say something.")
        : text.Any(c => char.IsControl(c) && c is not '\n' and not '\r' and not '\t') ? Failure.Field(field, "must not contain control characters.")
        : null;
}
