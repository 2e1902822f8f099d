using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace StreamSpace.Runtimes.Local.Native;

/// <summary>The calls of the C library that .NET has no words for.</summary>
internal static unsafe partial class Libc
{
    public const int ReadOnly = 0, WriteOnly = 1, ReadWrite = 2, Create = 0x40, Exclusive = 0x80, NoTty = 0x100, NonBlocking = 0x800, CloseOnExec = 0x80000;
    public const int AtSymlinkNoFollow = 0x100, AtEmptyPath = 0x1000, AtRemoveFolder = 0x200;
    public const uint NoReplace = 1;
    public const int Eperm = 1, Enoent = 2, Eintr = 4, Eio = 5, Eagain = 11, Eexist = 17;
    public const int SigHup = 1, SigKill = 9, SigUsr1 = 10, SigTerm = 15, SigCont = 18, SigStop = 19;

    // These two differ between the architectures.
    private static readonly bool Arm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    public static readonly int Directory = Arm ? 0x4000 : 0x10000;
    public static readonly int NoFollow = Arm ? 0x8000 : 0x20000;
    public const int PathOnly = 0x200000;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int OpenAt(int folder, string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long Syscall(long number, long a, void* b, void* c, long d);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long Syscall(long number, long a, long b);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int file);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int file, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int file, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int FileAdvice(SafeFileHandle file, nint offset, nint length, int advice);

    /// <summary>Says that all of the file will be read soon; does not wait for it.</summary>
    public static void WillNeed(SafeFileHandle file) => _ = FileAdvice(file, 0, 0, 3);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int LinkChown(string path, int user, int group);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Ioctl(int file, nuint request, void* argument);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventFd(uint value, int flags);

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int EpollControl(int epoll, int operation, int file, byte* entry);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int EpollWait(int epoll, byte* entries, int count, int timeout);

    [LibraryImport("libc", EntryPoint = "setfsuid")]
    public static partial int SetFileUser(int user);

    [LibraryImport("libc", EntryPoint = "setfsgid")]
    public static partial int SetFileGroup(int group);

    [LibraryImport("libc", EntryPoint = "renameat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int RenameAt(int oldFolder, string oldPath, int newFolder, string newPath);

    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int RenameAt2(int oldFolder, string oldPath, int newFolder, string newPath, uint flags);

    [LibraryImport("libc", EntryPoint = "mkdirat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MakeFolderAt(int folder, string path, int mode);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int UnlinkAt(int folder, string path, int flags);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Statx(int folder, string path, int flags, uint mask, byte* result);

    [LibraryImport("libc", EntryPoint = "getdents64", SetLastError = true)]
    public static partial nint GetEntries(int folder, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    public static partial long Seek(int file, long offset, int whence);

    [LibraryImport("libc", EntryPoint = "inotify_init1", SetLastError = true)]
    public static partial int InotifyCreate(int flags);

    [LibraryImport("libc", EntryPoint = "inotify_add_watch", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int InotifyAdd(int file, string path, uint mask);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial int EffectiveUser();

    [LibraryImport("libc", EntryPoint = "getegid")]
    public static partial int EffectiveGroup();

    /// <summary>Opens a path below a folder as if that folder were the root: no link, no <c>..</c>, no magic link leads out.</summary>
    public static int OpenInRoot(int root, string path, int flags) => Open2(root, path, flags, 0x10 | 0x02); // RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS

    /// <summary>Opens a path below a folder; whatever would lead out of it, links with an absolute target too, is refused with EXDEV.</summary>
    public static int OpenBeneath(int folder, string path, int flags) => Open2(folder, path, flags, 0x08 | 0x02); // RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS

    private static int Open2(int root, string path, int flags, ulong resolve)
    {
        const long openat2 = 437;
        var how = stackalloc ulong[3];
        how[0] = (ulong)(flags | CloseOnExec);
        how[1] = 0;
        how[2] = resolve;
        var bytes = System.Text.Encoding.UTF8.GetBytes(path + '\0');
        fixed (byte* text = bytes)
            return (int)Syscall(openat2, root, text, how, 24);
    }

    /// <summary>A descriptor that becomes readable when the process ends; race-free where a pid is not.</summary>
    public static int OpenProcess(int pid)
    {
        const long pidfdOpen = 434;
        return (int)Syscall(pidfdOpen, pid, 0L);
    }

    public static int LastError => Marshal.GetLastPInvokeError();

    public static Win32Exception Failure(string what) => new(LastError, $"{what}: {Marshal.GetPInvokeErrorMessage(LastError)}");

    public static SafeFileHandle Own(int file, string what) => file >= 0 ? new SafeFileHandle(file, ownsHandle: true) : throw Failure(what);
}
