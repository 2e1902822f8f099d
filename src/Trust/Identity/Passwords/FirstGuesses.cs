using System.Collections.Frozen;

namespace StreamSpace.Identity;

/// <summary>
/// Passwords that are tried first. The list holds the words; what people do to them (capitals, 0 for o, a year or a "!" behind) is undone
/// before looking, so a few hundred words stand for many thousand passwords.
/// </summary>
internal static class FirstGuesses
{
    private static readonly FrozenSet<string> Words = Read();

    public static bool Contains(string password)
    {
        var lower = password.ToLowerInvariant();
        if (Words.Contains(lower) || IsRow(lower))
            return true;
        var core = lower.AsSpan().Trim("0123456789!?.,;:-_+*#$%&/=@()[]{}'\" ").ToString();
        return core.Length == 0 || Known(core) || Known(Plain(lower)) || Known(Plain(core));
    }

    // The word itself, or said twice.
    private static bool Known(string text) =>
        Words.Contains(text) || (text.Length % 2 == 0 && text.Length >= 6 && text[..(text.Length / 2)] == text[(text.Length / 2)..] && (Words.Contains(text[..(text.Length / 2)]) || text.Length < 12));

    private static string Plain(string text) => new string([.. text.Select(c => c switch
    {
        '0' => 'o',
        '1' or '!' => 'i',
        '3' => 'e',
        '4' or '@' => 'a',
        '5' or '$' => 's',
        '7' or '+' => 't',
        '8' => 'b',
        _ => c,
    })]).Trim('-', '_', '.', ' ');

    // 12345678, abcdefgh, 87654321: each character follows the one before.
    private static bool IsRow(string text)
    {
        var up = 0;
        var down = 0;
        for (var i = 1; i < text.Length; i++)
        {
            up += text[i] - text[i - 1] == 1 ? 1 : 0;
            down += text[i] - text[i - 1] == -1 ? 1 : 0;
        }

        return Math.Max(up, down) >= text.Length - 2;
    }

    private static FrozenSet<string> Read()
    {
        using var stream = typeof(FirstGuesses).Assembly.GetManifestResourceStream("first-guesses.txt")
            ?? throw new InvalidOperationException("The list of first guesses is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
    }
}
