using StreamSpace.Contracts.Runtimes;
using StreamSpace.Runtimes.Local.Lifecycle;
using StreamSpace.Runtimes.Local.Native;

namespace StreamSpace.Runtimes.Local.Inside;

/// <summary>
/// Files of a session, from outside. The kernel keeps every path below the session's root whatever links lie in the way
/// (openat2), and every access has the rights of the session's user, not the server's.
/// </summary>
internal sealed class SessionFiles : IDisposable
{
    private const string HomeInside = "/home/user";
    private const int MostEntries = 10_000;

    private readonly int _root;
    private readonly int _uid;
    private readonly bool _homeOnly;

    private SessionFiles(int root, int uid, bool homeOnly)
    {
        _root = root;
        _uid = uid;
        _homeOnly = homeOnly;
    }

    /// <summary>The whole file system of a session that runs; the home alone of one that does not.</summary>
    public static SessionFiles Open(Places places, Contracts.SessionId session)
    {
        var found = FoundSession.Find(places, session) ?? throw new RuntimeFailure(RuntimeReasons.WrongState, "The runtime knows nothing of the session.");
        var path = found.IsUp ? $"/proc/{found.Status.Init.Pid}/root" : found.Record.Home;
        var root = Libc.Open(path, Libc.PathOnly | Libc.Directory | Libc.CloseOnExec, 0);
        return root >= 0
            ? new SessionFiles(root, found.Record.Uid, !found.IsUp)
            : throw new RuntimeFailure(RuntimeReasons.WrongState, "The session's files cannot be reached now.");
    }

    public IReadOnlyList<FileEntry> List(string path) => AsUser(() =>
    {
        using var folder = Libc.Own(Enter(path, Libc.ReadOnly | Libc.Directory), path);
        return FolderReader.Read(folder, path, MostEntries);
    });

    public Stream Read(string path) => AsUser(() =>
    {
        // Looked at before it is opened: a pipe or a device could hold the server or do something.
        using var place = Libc.Own(Enter(path, Libc.PathOnly), path);
        if (!FileStatus.OfFile((int)place.DangerousGetHandle()).IsRegular)
            throw BadPath(path, "is no plain file");
        var file = Libc.Open($"/proc/self/fd/{place.DangerousGetHandle()}", Libc.ReadOnly | Libc.NonBlocking | Libc.CloseOnExec, 0);
        return file >= 0 ? new FileStream(Libc.Own(file, path), FileAccess.Read, 65536) : throw BadPath(path, Reason());
    });

    /// <summary>The new content grows beside the old file and takes its place at the end, so a reader sees one or the other.</summary>
    public async Task WriteAsync(string path, Stream content, CancellationToken ct)
    {
        var name = Path.GetFileName(path.TrimEnd('/'));
        if (name is "" or "." or "..")
            throw BadPath(path, "names no file");
        var draft = $".{(name.Length > 100 ? name[..100] : name)}.{Guid.CreateVersion7():N}";
        using var folder = AsUser(() => Libc.Own(Enter(path[..^(name.Length + path.Length - path.TrimEnd('/').Length)], Libc.PathOnly | Libc.Directory), path));
        var into = (int)folder.DangerousGetHandle();
        if (FileStatus.At(into, name, 0) is { IsFolder: true })
            throw BadPath(path, "is a folder");
        var handle = AsUser(() =>
        {
            var file = Libc.OpenAt(into, draft, Libc.WriteOnly | Libc.Create | Libc.Exclusive | Libc.NoFollow | Libc.CloseOnExec, 0b110_100_100);
            return file >= 0 ? Libc.Own(file, path) : throw BadPath(path, Reason());
        });
        try
        {
            await using (var file = new FileStream(handle, FileAccess.Write, 0))
                await content.CopyToAsync(file, ct);
            AsUser(() => Libc.RenameAt(into, draft, into, name) == 0 ? true : throw BadPath(path, Reason()));
        }
        catch (Exception e)
        {
            AsUser(() => Libc.UnlinkAt(into, draft, 0));
            if (e is IOException)
                throw new RuntimeFailure(RuntimeReasons.BadPath, $"{path} could not be written: {e.Message}", e);
            throw;
        }
    }

    public void Dispose() => _ = Libc.Close(_root);

    private int Enter(string path, int flags)
    {
        if (!path.StartsWith('/') || path.Contains('\0', StringComparison.Ordinal))
            throw BadPath(path, "is not an absolute path");
        if (_homeOnly && path != HomeInside && !path.StartsWith(HomeInside + '/', StringComparison.Ordinal))
            throw BadPath(path, "can be reached only while the session runs");
        var below = _homeOnly ? path[HomeInside.Length..] + "/" : path;
        var file = Libc.OpenInRoot(_root, _homeOnly ? "/" + below.Trim('/') : below, flags);
        return file >= 0 ? file : throw BadPath(path, Reason());
    }

    private T AsUser<T>(Func<T> action) => FileRights.As(_uid, action);

    private static string Reason() => Libc.LastError switch
    {
        Libc.Enoent => "does not exist",
        1 or 13 => "may not be used by the session's user",
        18 or 40 => "leads out of the session",
        20 => "is no folder",
        30 => "is read-only",
        var error => $"cannot be used (error {error})",
    };

    private static RuntimeFailure BadPath(string path, string why) => new(RuntimeReasons.BadPath, $"{path.Replace('\0', '?')} {why}.");
}
