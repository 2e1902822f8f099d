using System.Collections.Frozen;

namespace StreamSpace.Dlp;

/// <summary>Finds international bank account numbers (ISO 13616): a country with its length, and 1 as the remainder by 97. Single spaces or hyphens may stand between groups.</summary>
internal static class Ibans
{
    /// <summary>Lengths by country, from the IBAN registry.</summary>
    private static readonly FrozenDictionary<string, int> Lengths =
        ("AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 "
        + "IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SD18 SE24 SI19 SK24 SM27 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20")
        .Split(' ').ToFrozenDictionary(c => c[..2], c => int.Parse(c.AsSpan(2), System.Globalization.CultureInfo.InvariantCulture), StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> ByCountry = Lengths.GetAlternateLookup<ReadOnlySpan<char>>();

    public static int Count(ReadOnlySpan<char> text, int most)
    {
        var count = 0;
        for (var at = 0; at + 15 <= text.Length && count < most; at++)
        {
            if (!char.IsAsciiLetter(text[at]) || (at > 0 && char.IsLetterOrDigit(text[at - 1])) || !ByCountry.TryGetValue(text.Slice(at, 2), out var length))
                continue;
            if (Match(text[at..], length) is not (> 0 and var taken))
                continue;
            count++;
            at += taken - 1;
        }

        return count;
    }

    private static int Match(ReadOnlySpan<char> text, int length)
    {
        Span<char> number = stackalloc char[34];
        var have = 0;
        var at = 0;
        for (; at < text.Length && have < length; at++)
        {
            if (char.IsAsciiLetterOrDigit(text[at]))
                number[have++] = char.ToUpperInvariant(text[at]);
            else if (have < 4 || text[at] is not (' ' or '-' or '\u00a0') || at + 1 >= text.Length || !char.IsAsciiLetterOrDigit(text[at + 1]))
                return 0;
        }

        if (have < length || (at < text.Length && char.IsLetterOrDigit(text[at])) || !char.IsAsciiDigit(number[2]) || !char.IsAsciiDigit(number[3]))
            return 0;
        return Remainder(number[..length]) == 1 ? at : 0;
    }

    /// <summary>The first four go to the end, letters count from 10.</summary>
    private static int Remainder(ReadOnlySpan<char> number)
    {
        var remainder = 0;
        for (var i = 0; i < number.Length; i++)
        {
            var c = number[(i + 4) % number.Length];
            remainder = char.IsAsciiDigit(c) ? ((remainder * 10) + (c - '0')) % 97 : ((remainder * 100) + (c - 'A' + 10)) % 97;
        }

        return remainder;
    }
}
