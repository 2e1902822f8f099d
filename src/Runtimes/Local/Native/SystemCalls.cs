using System.Runtime.InteropServices;

namespace StreamSpace.Runtimes.Local.Native;

/// <summary>System call numbers of this machine's architecture; the perl programs get theirs from here.</summary>
internal static class SystemCalls
{
    private static readonly Dictionary<string, (int X64, int Arm64)> Numbers = new(StringComparer.Ordinal)
    {
        ["setsid"] = (112, 157),
        ["unshare"] = (272, 97),
        ["mount"] = (165, 40),
        ["mknodat"] = (259, 33),
        ["clock_gettime"] = (228, 113),
        ["setns"] = (308, 268),
        ["prctl"] = (157, 167),
        ["socket"] = (41, 198),
        ["ioctl"] = (16, 29),
        ["acct"] = (163, 89),
        ["add_key"] = (248, 217),
        ["adjtimex"] = (159, 171),
        ["bpf"] = (321, 280),
        ["clock_adjtime"] = (305, 266),
        ["clock_settime"] = (227, 112),
        ["delete_module"] = (176, 106),
        ["fanotify_init"] = (300, 262),
        ["finit_module"] = (313, 273),
        ["fsconfig"] = (431, 431),
        ["fsmount"] = (432, 432),
        ["fsopen"] = (430, 430),
        ["fspick"] = (433, 433),
        ["init_module"] = (175, 105),
        ["io_uring_enter"] = (426, 426),
        ["io_uring_register"] = (427, 427),
        ["io_uring_setup"] = (425, 425),
        ["ioperm"] = (173, -1),
        ["iopl"] = (172, -1),
        ["kexec_file_load"] = (320, 294),
        ["kexec_load"] = (246, 104),
        ["keyctl"] = (250, 219),
        ["lookup_dcookie"] = (212, 18),
        ["mount_setattr"] = (442, 442),
        ["move_mount"] = (429, 429),
        ["move_pages"] = (279, 239),
        ["name_to_handle_at"] = (303, 264),
        ["open_by_handle_at"] = (304, 265),
        ["open_tree"] = (428, 428),
        ["perf_event_open"] = (298, 241),
        ["quotactl"] = (179, 60),
        ["reboot"] = (169, 142),
        ["request_key"] = (249, 218),
        ["settimeofday"] = (164, 170),
        ["swapoff"] = (168, 225),
        ["swapon"] = (167, 224),
        ["syslog"] = (103, 116),
        ["userfaultfd"] = (323, 282),
        ["vhangup"] = (153, 58),
    };

    public static bool Supported { get; } = RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    public static bool Arm { get; } = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    /// <summary>The number, or -1 where the architecture has no such call.</summary>
    public static int Number(string name) => Arm ? Numbers[name].Arm64 : Numbers[name].X64;
}
