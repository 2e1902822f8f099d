using System.Diagnostics;

namespace StreamSpace.Cli.Commands;

/// <summary>Opens an address where there is a desktop to open it on; the printed address is the answer anyway.</summary>
internal static class Browser
{
    public static void TryOpen(string address, CliTerminal terminal)
    {
        var desktop = terminal.Environment("DISPLAY") is { Length: > 0 } || terminal.Environment("WAYLAND_DISPLAY") is { Length: > 0 };
        if (!desktop || !terminal.Interactive)
            return;
        try
        {
            using var opener = Process.Start(new ProcessStartInfo("xdg-open", [address]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // No xdg-open here: the person has the address.
        }
    }
}
