using System.Globalization;
using System.Net;

namespace StreamSpace.Runtimes.Docker.Displays;

/// <summary>The default gateway of this process: for a server in a container that is the engine's machine.</summary>
internal static class Gateway
{
    public static IPAddress? Find()
    {
        try
        {
            foreach (var line in File.ReadLines("/proc/net/route").Skip(1))
            {
                var fields = line.Split('\t', StringSplitOptions.TrimEntries);
                if (fields.Length > 2 && fields[1] == "00000000" && uint.TryParse(fields[2], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var address))
                    return new IPAddress(address);
            }
        }
        catch (IOException)
        {
            // Not this kind of system.
        }

        return null;
    }
}
