using StreamSpace.Contracts.Runtimes;

namespace StreamSpace.Sessions;

/// <summary>How our enums read outside the process.</summary>
internal static class Wire
{
    public static string Name<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    public static T Parse<T>(string text) where T : struct, Enum => Enum.Parse<T>(text, ignoreCase: true);

    public static string Name(LaunchStep step) => step switch
    {
        LaunchStep.Reserve => "reserve",
        LaunchStep.PrepareImage => "prepare_image",
        LaunchStep.Start => "start",
        _ => "connect",
    };
}
