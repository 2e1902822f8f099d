using System.Text;

namespace StreamSpace.Runtimes.Local.Desktop;

/// <summary>
/// Our own settings for the window manager, the panel and the terminal, laid out once per server start; every session sees them
/// read-only at <c>/opt/streamspace</c>. Menu and panel name only what is installed.
/// </summary>
internal static class DesktopKit
{
    public const string Inside = "/opt/streamspace";

    // The terminal's own icon is older than its users; icon themes have a better one.
    private const string TerminalIcon = "streamspace-terminal.desktop";

    // What a menu can offer: title, program, and the desktop file the panel takes its icon from.
    private static readonly (string Title, string Program, string DesktopFile)[] Programs =
    [
        ("Terminal", "xterm", TerminalIcon),
        ("Files", "pcmanfm", "pcmanfm.desktop"),
        ("Text editor", "mousepad", "org.xfce.mousepad.desktop"),
        ("Firefox", "firefox-esr", "firefox-esr.desktop"),
        ("Firefox", "firefox", "firefox.desktop"),
        ("Chromium", "chromium", "chromium.desktop"),
        ("LibreOffice Writer", "libreoffice --writer", "libreoffice-writer.desktop"),
        ("GIMP", "gimp", "gimp.desktop"),
        ("Geany", "geany", "geany.desktop"),
    ];

    /// <summary>Lays the kit out and returns its folder. The folder's name follows from the contents, so sessions that run keep theirs.</summary>
    public static string LayOut(Places places, Func<string, string?> find)
    {
        var files = Resources.Folder("kit/").ToDictionary(file => file.Name, file => file.Content, StringComparer.Ordinal);
        var found = Programs.Where(program => find(program.Program.Split(' ')[0]) is not null).ToList();
        var rules = Encoding.UTF8.GetString(files["rc.xml"]);
        files["rc.xml"] = Encoding.UTF8.GetBytes(rules.Replace("<!-- RULES -->", string.Empty, StringComparison.Ordinal));
        files["rc-single.xml"] = Encoding.UTF8.GetBytes(rules.Replace("<!-- RULES -->", "<application type=\"normal\"><maximized>yes</maximized></application>", StringComparison.Ordinal));
        files["menu.xml"] = Encoding.UTF8.GetBytes(Menu(found));
        files["tint2rc"] = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(files["tint2rc"]).Replace("# LAUNCHERS", Launchers(found), StringComparison.Ordinal));

        var all = Encoding.UTF8.GetBytes(string.Concat(files.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => file.Key + Convert.ToHexString(file.Value))));
        var folder = Path.Combine(places.Run, $"kit-{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(all))[..8]}");
        if (Directory.Exists(folder))
            return folder;
        Keymap.AddTo(files); // not part of the name: the compiler never writes the same bytes twice
        var draft = $"{folder}.{Guid.CreateVersion7():N}";
        foreach (var (name, content) in files)
        {
            var path = Path.Combine(draft, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, content);
            File.SetUnixFileMode(path, (UnixFileMode)(Keymap.IsProgram(name) ? 0b111_101_101 : 0b110_100_100));
        }

        foreach (var path in Directory.EnumerateDirectories(draft, "*", SearchOption.AllDirectories).Append(draft))
            File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        try
        {
            Directory.Move(draft, folder);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            Directory.Delete(draft, recursive: true);
        }

        return folder;
    }

    private static string Menu(IEnumerable<(string Title, string Program, string DesktopFile)> programs)
    {
        var text = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<openbox_menu xmlns=\"http://openbox.org/3.4/menu\">\n<menu id=\"root-menu\" label=\"Programs\">\n");
        foreach (var (title, program, _) in programs)
            text.Append("<item label=\"").Append(title).Append("\"><action name=\"Execute\"><command>").Append(program).Append("</command></action></item>\n");
        return text.Append("<separator/>\n<menu id=\"client-list-combined-menu\"/>\n</menu>\n</openbox_menu>\n").ToString();
    }

    private static string Launchers(IEnumerable<(string Title, string Program, string DesktopFile)> programs) =>
        string.Join('\n', programs
            .Select(program => program.DesktopFile == TerminalIcon ? $"{Inside}/share/applications/{TerminalIcon}" : $"/usr/share/applications/{program.DesktopFile}")
            .Where(file => file.StartsWith(Inside, StringComparison.Ordinal) || File.Exists(file))
            .Select(file => $"launcher_item_app = {file}"));
}
