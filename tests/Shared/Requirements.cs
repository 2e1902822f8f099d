using System.Net.Sockets;

namespace StreamSpace.Tests.Shared;

/// <summary>
/// Parts of the machine that some tests need. A test whose part is missing is skipped and says why, unless the environment
/// variable STREAMSPACE_TEST_REQUIRE (names with commas between them) asks for the part: then the test runs, and fails.
/// </summary>
public static class Requirements
{
    private static readonly string[] Folders = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/lib/postgresql/15/bin"];

    private static readonly Dictionary<string, Lazy<string?>> Known = new(StringComparer.Ordinal)
    {
        ["local"] = new(() => NoPrograms("bwrap", "slirp4netns", "Xtigervnc", "openbox", "xterm", "perl", "setpriv", "unshare", "ip")),
        ["docker"] = new(NoEngine),
        ["ffmpeg"] = new(() => NoPrograms("ffmpeg", "ffprobe")),
        ["chromium"] = new(() => NoPrograms("chromium")),
        ["tigervnc"] = new(() => NoPrograms("Xtigervnc", "xterm", "xclip", "xkbcomp")),
        ["x11vnc"] = new(() => NoPrograms("x11vnc", "Xtigervnc", "xterm", "xclip", "xkbcomp")),
        ["tightvnc"] = new(() => NoPrograms("Xtightvnc", "xterm", "xclip")),
        ["clamd"] = new(() => NoPrograms("clamd")),
        ["qemu"] = new(() => NoPrograms("qemu-system-x86_64")),
        ["postgres"] = new(() => NoPrograms("initdb")),
        ["cgroup2"] = new(() => File.ReadLines("/proc/self/mountinfo").Any(line => line.Contains(" - cgroup2 ", StringComparison.Ordinal)) ? null : "the unified hierarchy is not mounted"),
        ["s3"] = new(() => Environment.GetEnvironmentVariable("STREAMSPACE_TEST_S3") is { Length: > 0 } ? null : "STREAMSPACE_TEST_S3 names no server (http://key:secret@host:port/bucket)"),
        ["root"] = new(() => Environment.IsPrivilegedProcess ? null : "the tests do not run as root"),
    };

    /// <summary>Why the tests that need this part are to be skipped; null when they shall run.</summary>
    public static string? SkipReason(params string[] parts)
    {
        foreach (var part in parts)
        {
            var why = Known.TryGetValue(part, out var check) ? check.Value : throw new ArgumentException($"no requirement is called {part}", nameof(parts));
            if (why is not null && !IsDemanded(part))
                return $"needs {part}: {why}";
        }

        return null;
    }

    /// <summary>Whether STREAMSPACE_TEST_REQUIRE names the part.</summary>
    public static bool IsDemanded(string part) =>
        (Environment.GetEnvironmentVariable("STREAMSPACE_TEST_REQUIRE") ?? string.Empty)
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Contains(part, StringComparer.OrdinalIgnoreCase);

    private static string? NoPrograms(params string[] programs)
    {
        var missing = programs.Where(program => !Folders.Any(folder => File.Exists(Path.Combine(folder, program)))).ToList();
        return missing.Count == 0 ? null : $"{string.Join(", ", missing)} not found";
    }

    private static string? NoEngine()
    {
        var host = Environment.GetEnvironmentVariable("DOCKER_HOST");
        if (host?.StartsWith("tcp://", StringComparison.Ordinal) == true)
            return null;
        var path = host?.StartsWith("unix://", StringComparison.Ordinal) == true ? host["unix://".Length..] : "/var/run/docker.sock";
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return null;
        }
        catch (SocketException e)
        {
            return $"no Docker engine answers at {path} ({e.Message})";
        }
    }
}
