using System.Security.Cryptography;
using System.Text;
using StreamSpace.Contracts;
using StreamSpace.Runtimes.Local.Launching;
using StreamSpace.Runtimes.Local.Native;

namespace StreamSpace.Runtimes.Local;

/// <summary>Where things are. Everything of a session is found by its id alone.</summary>
internal sealed class Places
{
    private const UnixFileMode Traversable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public Places(LocalRuntimeOptions options)
    {
        Data = Path.GetFullPath(options.DataDirectory);
        Key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Data)))[..8];
        Run = options.RunDirectory.Length > 0 ? Path.GetFullPath(options.RunDirectory) : DefaultRun(Key);
        if (Run.Length > 70)
            throw new InvalidOperationException($"Runtimes:Local:RunDirectory is too long for sockets ({Run.Length} > 70 characters): {Run}");
    }

    /// <summary>Eight hex digits that tell installations on one machine apart.</summary>
    public string Key { get; }

    public string Data { get; }

    public string Run { get; }

    public string Homes => Path.Combine(Data, "homes");

    public string Sessions => Path.Combine(Data, "sessions");

    public string Uids => Path.Combine(Data, "uids");

    public string Seccomp => Path.Combine(Data, "seccomp.bpf");

    /// <summary>One of our own perl programs, laid out below the data directory.</summary>
    public string Program(string name) => Path.Combine(Data, "programs", name);

    public string Home(UserId user) => Path.Combine(Homes, user.ToString());

    public SessionPlaces Session(SessionId session) => new(Path.Combine(Sessions, session.ToString()), Path.Combine(Run, Short(session)));

    /// <summary>The random half of the id: short enough for a socket's path.</summary>
    public static string Short(SessionId session) => session.Value.ToString("N")[16..];

    public void Create()
    {
        MakeFolder(Data, Private);
        MakeFolder(Homes, Private);
        MakeFolder(Sessions, Private);
        MakeFolder(Uids, Private);
        MakeFolder(Path.Combine(Data, "programs"), Private);
        foreach (var name in new[] { "guard.pl", "enter.pl" })
            WriteWhole(Program(name), Resources.Bytes(name));
        WriteWhole(Seccomp, SeccompFilter.Build());
        MakeFolder(Run, Environment.IsPrivilegedProcess ? Traversable : Private);
        var owner = FileStatus.OfPath(Run).User;
        if (owner != Libc.EffectiveUser())
            throw new InvalidOperationException($"{Run} belongs to somebody else (uid {owner}); set Runtimes:Local:RunDirectory to a folder of your own");
        for (var above = Path.GetDirectoryName(Run); Environment.IsPrivilegedProcess && above is not null; above = Path.GetDirectoryName(above))
        {
            if (!File.GetUnixFileMode(above).HasFlag(UnixFileMode.OtherExecute))
                throw new InvalidOperationException($"people's uids cannot pass through {above} to {Run}; run: chmod o+x {above}, or set Runtimes:Local:RunDirectory");
        }
    }

    public static void MakeFolder(string path, UnixFileMode mode)
    {
        if (!Directory.Exists(path))
            Directory.CreateDirectory(path, mode);
        if (File.GetUnixFileMode(path) != mode)
            File.SetUnixFileMode(path, mode);
    }

    // Whole or not at all: another server may be starting a session by it this moment.
    private static void WriteWhole(string path, byte[] content)
    {
        if (File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(content))
            return;
        var draft = $"{path}.{Guid.CreateVersion7():N}";
        File.WriteAllBytes(draft, content);
        File.Move(draft, path, overwrite: true);
    }

    private static string DefaultRun(string key)
    {
        if (Environment.IsPrivilegedProcess)
            return $"/run/streamspace-{key}";
        var runtime = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
        return runtime is { Length: > 0 and < 40 } && Directory.Exists(runtime) ? $"{runtime}/streamspace-{key}" : $"/tmp/streamspace-{key}";
    }
}

/// <summary>Where the things of one session are: what stays (Folder) and what goes with its processes (Run).</summary>
internal sealed record SessionPlaces(string Folder, string Run)
{
    public string Record => Path.Combine(Folder, "session.json");

    /// <summary>What the guard told: pids, how it ended.</summary>
    public string Status => Path.Combine(Folder, "status");

    /// <summary>Written once, when the end was understood.</summary>
    public string Ending => Path.Combine(Folder, "ending.json");

    /// <summary>There when the session was asked to stop.</summary>
    public string Asked => Path.Combine(Folder, "asked");

    public string OutOfMemory => Path.Combine(Folder, "oom");

    public string Orders => Path.Combine(Folder, "orders");

    /// <summary>Networks that are closed to the session, one per line; read by the guard when it is told that there are new ones.</summary>
    public string Closed => Path.Combine(Folder, "closed");

    public string Arguments => Path.Combine(Folder, "arguments");

    public string Log => Path.Combine(Folder, "log");

    public string OwnHome => Path.Combine(Folder, "home");

    public string Etc => Path.Combine(Run, "etc");

    public string HomeMount => Path.Combine(Run, "home");

    public string SocketFolder => Path.Combine(Run, "rfb");

    public string Socket => Path.Combine(SocketFolder, "s");
}
