using System.Text.Json;

namespace StreamSpace.Dlp;

/// <summary>Enumerations as the API writes them.</summary>
internal static class Words
{
    public static string Of<TEnum>(TEnum value) where TEnum : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
