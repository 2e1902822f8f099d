using Microsoft.Win32.SafeHandles;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Runtimes.Local.Lifecycle;
using StreamSpace.Runtimes.Local.Native;

namespace StreamSpace.Runtimes.Local.Inside;

/// <summary>
/// Files below a session's home. The kernel keeps every path below the home's descriptor (openat2, RESOLVE_BENEATH), and all that follows works on
/// descriptors and last names, so that nothing the session does meanwhile leads anywhere else. What the session mounted over its home is not seen.
/// </summary>
internal sealed class HomeFiles(Places places) : IHomeFiles
{
    private const int DeepestFolder = 200;

    public Task<IReadOnlyList<FileEntry>> ListAsync(SessionId session, string path, CancellationToken ct) => InHomeAsync(session, home =>
    {
        using var folder = home.Open(path, Libc.ReadOnly | Libc.Directory);
        return (IReadOnlyList<FileEntry>)FolderReader.Read(folder, path, IHomeFiles.MostEntries);
    }, ct);

    public Task<HomeFile> ReadAsync(SessionId session, string path, CancellationToken ct) => InHomeAsync(session, home =>
    {
        // Looked at before it is opened: a pipe or a device could hold the server or do something.
        using var place = home.Open(path, Libc.PathOnly);
        if (!FileStatus.OfFile(Number(place)).IsRegular)
            throw Wrong(path, "is no plain file");
        var file = Libc.Open($"/proc/self/fd/{Number(place)}", Libc.ReadOnly | Libc.NonBlocking | Libc.CloseOnExec, 0);
        if (file < 0)
            throw Told(path);
        var status = FileStatus.OfFile(file);
        return new HomeFile(new FileStream(Libc.Own(file, path), FileAccess.Read, 0), status.Bytes, status.ModifiedAt);
    }, ct);

    public async Task WriteAsync(SessionId session, string path, Stream content, long bytes, bool replace, CancellationToken ct)
    {
        var (folder, name, uid) = await InHomeAsync(session, home => (home.OpenFolderOf(path), LastName(path), home.Uid), ct);
        using (folder)
        {
            var into = Number(folder);
            Check(into, name, path, replace);
            var draft = $".{(name.Length > 60 ? name[..60] : name)}.{Guid.CreateVersion7():N}";
            var handle = FileRights.As(uid, () => Own(Libc.OpenAt(into, draft, Libc.WriteOnly | Libc.Create | Libc.Exclusive | Libc.NoFollow | Libc.CloseOnExec, 0b110_100_100), path));
            try
            {
                await using (var file = new FileStream(handle, FileAccess.Write, 0))
                {
                    await content.CopyToAsync(file, 1 << 16, ct);
                    if (file.Length != bytes)
                        throw Wrong(path, "did not arrive whole");
                }

                FileRights.As(uid, () => Done(Libc.RenameAt2(into, draft, into, name, replace ? 0 : Libc.NoReplace), path));
            }
            catch (Exception e)
            {
                FileRights.As(uid, () => Libc.UnlinkAt(into, draft, 0));
                if (e is IOException)
                    throw new RuntimeFailure(RuntimeReasons.NoRoom, $"{path} could not be written: {e.Message}", e);
                throw;
            }
        }
    }

    public Task MakeFolderAsync(SessionId session, string path, CancellationToken ct) => InHomeAsync(session, home =>
    {
        using var folder = home.OpenFolderOf(path);
        return Done(Libc.MakeFolderAt(Number(folder), LastName(path), 0b111_101_101), path);
    }, ct);

    public Task RemoveFileAsync(SessionId session, string path, CancellationToken ct) => InHomeAsync(session, home =>
    {
        using var folder = home.OpenFolderOf(path);
        if (FileStatus.At(Number(folder), LastName(path), 0) is { IsFolder: true })
            throw Wrong(path, "is a folder");
        return Done(Libc.UnlinkAt(Number(folder), LastName(path), 0), path);
    }, ct);

    public Task RemoveFolderAsync(SessionId session, string path, bool withContent, CancellationToken ct) => InHomeAsync(session, home =>
    {
        using var folder = home.OpenFolderOf(path);
        if (FileStatus.At(Number(folder), LastName(path), 0) is { IsFolder: false })
            throw Wrong(path, "is no folder");
        if (withContent)
            Empty(folder, LastName(path), path, 0, ct);
        return Done(Libc.UnlinkAt(Number(folder), LastName(path), Libc.AtRemoveFolder), path);
    }, ct);

    public Task RenameAsync(SessionId session, string path, string to, CancellationToken ct) => InHomeAsync(session, home =>
    {
        using var from = home.OpenFolderOf(path);
        using var into = home.OpenFolderOf(to);
        if (FileStatus.At(Number(from), LastName(path), 0) is null)
            throw new RuntimeFailure(RuntimeReasons.NoSuchFile, $"{path} does not exist.");
        return Done(Libc.RenameAt2(Number(from), LastName(path), Number(into), LastName(to), Libc.NoReplace), to);
    }, ct);

    private static void Empty(SafeFileHandle parent, string name, string path, int depth, CancellationToken ct)
    {
        if (depth == DeepestFolder)
            throw Wrong(path, "has folders in folders too deep to remove from here");
        using var folder = Own(Libc.OpenAt(Number(parent), name, Libc.ReadOnly | Libc.Directory | Libc.NoFollow | Libc.CloseOnExec, 0), path);
        foreach (var inside in FolderReader.Names(folder).ToList())
        {
            ct.ThrowIfCancellationRequested();
            if (FileStatus.At(Number(folder), inside, 0) is not { } status)
                continue;
            if (status.IsFolder)
                Empty(folder, inside, path, depth + 1, ct);
            Done(Libc.UnlinkAt(Number(folder), inside, status.IsFolder ? Libc.AtRemoveFolder : 0), path);
        }
    }

    private static void Check(int folder, string name, string path, bool replace)
    {
        if (FileStatus.At(folder, name, 0) is not { } there)
            return;
        if (there.IsFolder)
            throw new RuntimeFailure(RuntimeReasons.FileExists, $"{path} is a folder.");
        if (!replace)
            throw new RuntimeFailure(RuntimeReasons.FileExists, $"{path} is there already.");
    }

    private Task<T> InHomeAsync<T>(SessionId session, Func<OpenHome, T> work, CancellationToken ct) => Task.Run(
        () =>
        {
            var found = FoundSession.Running(places, session);
            using var root = Own(Libc.Open(found.Record.Home, Libc.PathOnly | Libc.Directory | Libc.CloseOnExec, 0), IHomeFiles.Home);
            return FileRights.As(found.Record.Uid, () => work(new(root, found.Record.Uid)));
        },
        ct);

    private static string LastName(string path) =>
        Path.GetFileName(path) is { Length: > 0 } name and not ("." or "..") && path.StartsWith(IHomeFiles.Home + '/', StringComparison.Ordinal) ? name : throw Wrong(path, "names nothing in the home");

    private static int Number(SafeFileHandle handle) => (int)handle.DangerousGetHandle();

    private static SafeFileHandle Own(int file, string path) => file >= 0 ? new SafeFileHandle(file, ownsHandle: true) : throw Told(path);

    private static bool Done(int answer, string path) => answer == 0 ? true : throw Told(path);

    private static RuntimeFailure Wrong(string path, string why) => new(RuntimeReasons.BadPath, $"{path.Replace('\0', '?')} {why}.");

    private static RuntimeFailure Told(string path) => Libc.LastError switch
    {
        Libc.Enoent => new(RuntimeReasons.NoSuchFile, $"{path} does not exist."),
        Libc.Eexist => new(RuntimeReasons.FileExists, $"{path} is there already."),
        39 => new(RuntimeReasons.FileExists, $"{path} is not empty."),
        28 or 122 => new(RuntimeReasons.NoRoom, "No space is left in the session."),
        1 or 13 => Wrong(path, "may not be used by the session's user"),
        18 or 40 => Wrong(path, "leads out of the home"),
        20 => Wrong(path, "is or passes no folder"),
        22 => Wrong(path, "cannot be moved there"),
        36 => Wrong(path, "is too long a name"),
        var error => Wrong(path, $"cannot be used (error {error})"),
    };

    private readonly record struct OpenHome(SafeFileHandle Root, int Uid)
    {
        public SafeFileHandle Open(string path, int flags)
        {
            if (path.Contains('\0', StringComparison.Ordinal) || (path != IHomeFiles.Home && !path.StartsWith(IHomeFiles.Home + '/', StringComparison.Ordinal)))
                throw Wrong(path, "is not below the home");
            var below = path[IHomeFiles.Home.Length..].Trim('/');
            return Own(Libc.OpenBeneath(Number(Root), below.Length == 0 ? "." : below, flags), path);
        }

        public SafeFileHandle OpenFolderOf(string path) => Open(path[..(path.Length - LastName(path).Length - 1)], Libc.PathOnly | Libc.Directory);
    }
}
