namespace StreamSpace.Runtimes.Local.Native;

/// <summary>What statx tells about a file; links are never followed.</summary>
internal readonly record struct FileStatus(int Kind, int Mode, int User, long Bytes, DateTimeOffset ModifiedAt)
{
    private const int LinkKind = 0xa000, FolderKind = 0x4000, RegularKind = 0x8000, SocketKind = 0xc000, CharacterKind = 0x2000;

    public bool IsLink => Kind == LinkKind;

    public bool IsFolder => Kind == FolderKind;

    public bool IsRegular => Kind == RegularKind;

    public bool IsSocket => Kind == SocketKind;

    public bool IsCharacterDevice => Kind == CharacterKind;

    public static FileStatus OfPath(string path) => At(-100, path, 0) ?? throw Libc.Failure(path);

    public static FileStatus OfFile(int file) => At(file, string.Empty, Libc.AtEmptyPath) ?? throw Libc.Failure("statx");

    public static unsafe FileStatus? At(int folder, string path, int flags)
    {
        const uint basic = 0x7ff;
        var result = stackalloc byte[256];
        if (Libc.Statx(folder, path, flags | Libc.AtSymlinkNoFollow, basic, result) != 0)
            return null;
        var mode = *(ushort*)(result + 28);
        var seconds = *(long*)(result + 112);
        var nanoseconds = *(uint*)(result + 120);
        return new FileStatus(mode & 0xf000, mode & 0xfff, (int)*(uint*)(result + 20), (long)*(ulong*)(result + 40), Time(seconds, nanoseconds));
    }

    // A session may give its files any time it likes, also one that no calendar of ours has.
    private static DateTimeOffset Time(long seconds, uint nanoseconds)
    {
        var bounded = Math.Clamp(seconds, DateTimeOffset.MinValue.ToUnixTimeSeconds(), DateTimeOffset.MaxValue.ToUnixTimeSeconds());
        return DateTimeOffset.FromUnixTimeSeconds(bounded).AddTicks(bounded == seconds ? nanoseconds / 100 : 0);
    }
}
