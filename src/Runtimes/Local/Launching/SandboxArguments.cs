using System.Globalization;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Runtimes.Local.Desktop;

namespace StreamSpace.Runtimes.Local.Launching;

/// <summary>What the sandbox is made of: bubblewrap's arguments.</summary>
internal static class SandboxArguments
{
    // Harmless settings of the machine that programs look for; read-only, and only where they are.
    private static readonly string[] HostEtc =
    [
        "alternatives", "fonts", "ssl", "ca-certificates", "ca-certificates.conf", "X11", "xdg", "gtk-2.0", "gtk-3.0", "ld.so.cache", "ld.so.conf", "ld.so.conf.d",
        "localtime", "timezone", "profile", "bash.bashrc", "terminfo", "inputrc", "skel", "mime.types", "mailcap", "dconf", "chromium", "chromium.d", "firefox-esr",
        "firefox", "libreoffice", "gimp", "geany", "java-11-openjdk", "java-17-openjdk", "vulkan", "protocols", "services", "locale.alias", "locale.gen", "default/locale",
    ];

    /// <summary>The environment of every program in a session.</summary>
    public static Dictionary<string, string> Environment(LaunchSpec spec)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["HOME"] = "/home/user",
            ["USER"] = "user",
            ["LOGNAME"] = "user",
            ["SHELL"] = "/bin/bash",
            ["PATH"] = "/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games",
            ["LANG"] = "C.UTF-8",
            ["TERM"] = "xterm-256color",
            ["DISPLAY"] = ":1",
            ["XDG_RUNTIME_DIR"] = "/run/user/1000",
            ["XDG_DATA_DIRS"] = $"{DesktopKit.Inside}/share:/usr/local/share:/usr/share",
            ["XDG_SESSION_TYPE"] = "x11",
            ["XENVIRONMENT"] = $"{DesktopKit.Inside}/Xresources",
            ["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/run/user/1000/bus",
            ["NO_AT_BRIDGE"] = "1",
            ["STREAMSPACE_SESSION"] = spec.Name,
            ["STREAMSPACE_GEOMETRY"] = Geometry(spec),
        };
        if (!spec.Application.OpenGl)
            environment["STREAMSPACE_OPENGL"] = "0";
        foreach (var (name, value) in spec.Environment)
            environment[name] = value;
        return environment;
    }

    public static string Geometry(LaunchSpec spec) => string.Create(CultureInfo.InvariantCulture, $"{spec.Width}x{spec.Height}");

    /// <param name="spec">What is asked for.</param>
    /// <param name="places">Where its things are.</param>
    /// <param name="home">The home as the session's uid can reach it.</param>
    /// <param name="kit">The desktop kit's folder.</param>
    /// <param name="etc">Names of the session's own files below /etc.</param>
    /// <param name="environment">The environment of its programs.</param>
    public static IReadOnlyList<string> Build(
        LaunchSpec spec, SessionPlaces places, string home, string kit, IReadOnlyList<string> etc, IReadOnlyDictionary<string, string> environment)
    {
        var size = Math.Max(64L << 20, spec.Limits.MemoryBytes / 2).ToString(CultureInfo.InvariantCulture);
        List<string> arguments =
        [
            "--unshare-user", "--uid", "1000", "--gid", "1000", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try", "--hostname", spec.Name,
            "--die-with-parent", "--new-session", "--ro-bind", "/usr", "/usr",
        ];
        foreach (var folder in new[] { "bin", "sbin", "lib", "lib32", "lib64", "libx32" })
        {
            if (new FileInfo($"/{folder}").LinkTarget is { } target)
                arguments.AddRange(["--symlink", target, $"/{folder}"]);
            else if (Directory.Exists($"/{folder}"))
                arguments.AddRange(["--ro-bind", $"/{folder}", $"/{folder}"]);
        }

        arguments.AddRange(["--proc", "/proc", "--dev", "/dev", "--perms", "1777", "--size", size, "--tmpfs", "/dev/shm", "--perms", "1777", "--size", size, "--tmpfs", "/tmp"]);
        arguments.AddRange(["--size", size, "--tmpfs", "/run", "--perms", "0700", "--dir", "/run/user/1000", "--size", size, "--tmpfs", "/var", "--perms", "1777", "--dir", "/var/tmp"]);
        arguments.AddRange(["--symlink", "/run", "/var/run", "--ro-bind-try", "/var/cache/fontconfig", "/var/cache/fontconfig", "--ro-bind-try", "/var/lib/xkb", "/var/lib/xkb"]);
        arguments.AddRange(["--tmpfs", "/etc"]);
        foreach (var name in HostEtc.Where(name => Path.Exists($"/etc/{name}")))
            arguments.AddRange(["--ro-bind", $"/etc/{name}", $"/etc/{name}"]);
        foreach (var name in etc)
            arguments.AddRange(["--ro-bind", Path.Combine(places.Etc, name), $"/etc/{name}"]);
        arguments.AddRange(["--remount-ro", "/etc"]);
        arguments.AddRange(["--bind", home, "/home/user", "--bind", places.SocketFolder, "/run/rfb", "--ro-bind", kit, DesktopKit.Inside, "--chdir", "/home/user"]);
        arguments.AddRange(Keymap.Mounts(kit));
        arguments.AddRange(["--perms", "0755", "--dir", "/root", "--dir", "/mnt", "--dir", "/media", "--dir", "/srv", "--remount-ro", "/", "--clearenv"]);
        foreach (var (name, value) in environment)
            arguments.AddRange(["--setenv", name, value]);
        return arguments;
    }

    /// <summary>The first program in the sandbox.</summary>
    public static IReadOnlyList<string> Command(LaunchSpec spec) =>
        ["/usr/bin/perl", $"{DesktopKit.Inside}/session.pl", Geometry(spec), spec.Application.Panel || spec.Application.Command.Count == 0 ? "panel" : "plain", .. spec.Application.Command];
}
