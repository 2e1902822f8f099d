using StreamSpace.Kernel;

namespace StreamSpace.Identity;

/// <summary>Checks of single fields that people may set.</summary>
internal static class UserFields
{
    public const string LocalePattern = "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$";
    public const string LocaleText = "must be a language tag such as en or de-CH.";

    public static Failure? CheckTimeZone(string name) => name == "UTC" || TimeZoneInfo.TryFindSystemTimeZoneById(name, out _)
        ? null
        : Failure.Field("time_zone", "is no time zone; write it as Europe/Berlin.");
}
