using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace StreamSpace.Dlp;

/// <summary>Settings of the virus scanner, section <c>Dlp:ClamAv</c>.</summary>
public sealed class ClamAvOptions
{
    internal const string AddressSetting = "Dlp:ClamAv:Address";

    /// <summary>Where ClamAV's daemon listens: <c>/run/clamav/clamd.ctl</c> or <c>host:3310</c>. Empty: there is none, and policies that want files scanned block them.</summary>
    [RegularExpression(@"^(|(unix:)?/[^\0]{1,100}|(tcp://)?(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):[0-9]{1,5})$", ErrorMessage = "Dlp:ClamAv:Address must be the path of a socket, or host:port.")]
    public string Address { get; set; } = "";

    /// <summary>How long one file may take; a scanner that takes longer counts as one that is away. Its own limits (<c>StreamMaxLength</c>, <c>MaxScanTime</c>) count beside it.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(2);

    internal (string? Host, int Port, string? Path) Parts()
    {
        var address = Address.StartsWith("unix:", StringComparison.Ordinal) ? Address["unix:".Length..] : Address;
        if (address.StartsWith('/'))
            return (null, 0, address);
        address = address.StartsWith("tcp://", StringComparison.Ordinal) ? address["tcp://".Length..] : address;
        var colon = address.LastIndexOf(':');
        return (address[..colon].Trim('[', ']'), int.Parse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture), null);
    }
}
