using System.Text.RegularExpressions;

namespace StreamSpace.Dlp;

/// <summary>Finds private keys by their armour: PEM (RFC 7468) of any kind, OpenSSH, OpenPGP, and PuTTY's files.</summary>
internal static class PrivateKeys
{
    private static readonly Regex Armour = new(
        @"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-[0-9]: |---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----",
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, Regex.InfiniteMatchTimeout);

    public static int Count(string text, int most) => text.Contains('-') ? Armour.CountUpTo(text, most) : 0;
}
