namespace StreamSpace.Dlp;

/// <summary>
/// Finds numbers of payment cards (ISO/IEC 7812): 12 to 19 digits, alone or in groups with single spaces, hyphens or dots between them, that begin like an
/// issuer's and whose check digit is right by Luhn. Starts and ends at the edges of groups only, so that other numbers beside it do not hide one.
/// </summary>
internal static class PaymentCards
{
    private const int Shortest = 12;
    private const int Longest = 19;

    public static int Count(ReadOnlySpan<char> text, int most)
    {
        var count = 0;
        Span<byte> digits = stackalloc byte[Longest];
        for (var at = 0; at < text.Length && count < most; at++)
        {
            if (!IsGroupStart(text, at))
                continue;
            if (Match(text, at, digits) is not (> 0 and var length))
                continue;
            count++;
            at += length - 1;
        }

        return count;
    }

    /// <summary>Length in characters of the longest card number that starts here; 0 when none does.</summary>
    private static int Match(ReadOnlySpan<char> text, int start, Span<byte> digits)
    {
        int found = 0, have = 0;
        for (var at = start; at < text.Length; at++)
        {
            if (char.IsAsciiDigit(text[at]))
            {
                if (have == Longest)
                    break;
                digits[have++] = (byte)(text[at] - '0');
                if (have >= Shortest && IsGroupEnd(text, at) && IsCard(digits[..have]))
                    found = at + 1 - start;
            }
            else if (!IsSeparator(text[at]) || at + 1 >= text.Length || !char.IsAsciiDigit(text[at + 1]))
                break;
        }

        return found;
    }

    private static bool IsGroupStart(ReadOnlySpan<char> text, int at) =>
        char.IsAsciiDigit(text[at]) && text[at] != '0' && (at == 0 || !char.IsLetterOrDigit(text[at - 1]));

    private static bool IsGroupEnd(ReadOnlySpan<char> text, int at) => at + 1 >= text.Length || !char.IsLetterOrDigit(text[at + 1]);

    private static bool IsSeparator(char c) => c is ' ' or '-' or '.' or '\u00a0' or '\u2009' or '\u202f' or '\u2011';

    private static bool IsCard(ReadOnlySpan<byte> digits) => IsIssued(digits) && Luhn(digits);

    /// <summary>Beginnings and lengths as the schemes publish them.</summary>
    private static bool IsIssued(ReadOnlySpan<byte> digits)
    {
        var length = digits.Length;
        var two = (digits[0] * 10) + digits[1];
        var four = (two * 100) + (digits[2] * 10) + digits[3];
        if (digits[0] == 4)
            return length is 13 or 16 or 19; // Visa
        if (two is >= 51 and <= 55 || four is >= 2221 and <= 2720)
            return length == 16; // Mastercard
        if (two is 34 or 37)
            return length == 15; // American Express
        if (two is 36 or 38 or 39 || four is >= 3000 and <= 3059 or >= 3095 and <= 3095)
            return length is >= 14 and <= 19; // Diners
        if (four is >= 3528 and <= 3589)
            return length is >= 16 and <= 19; // JCB
        if (four is 6011 or (>= 6440 and <= 6499) || two is 65 or 62)
            return length is >= 16 and <= 19; // Discover, UnionPay
        if (four is >= 2200 and <= 2204)
            return length is >= 16 and <= 19; // Mir
        return four is 5018 or 5020 or 5038 or 5893 or 6304 or 6759 or 6761 or 6762 or 6763; // Maestro
    }

    private static bool Luhn(ReadOnlySpan<byte> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            int digit = digits[^(i + 1)];
            sum += i % 2 == 0 ? digit : digit > 4 ? (digit * 2) - 9 : digit * 2;
        }

        return sum % 10 == 0;
    }
}
