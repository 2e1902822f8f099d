using System.Text.Json;
using System.Text.Json.Serialization;

namespace StreamSpace.Runtimes.Docker.Launching;

/// <summary>
/// The system-call filter of images that bring their own sandbox (browsers). The engine's own filter forbids user namespaces to
/// a container without capabilities, and then Chromium would need <c>--no-sandbox</c>: every page would run with the rights of the
/// session. This one allows user namespaces and refuses what such a namespace's pretended root could use against the kernel.
/// </summary>
internal static class Seccomp
{
    private const int NotPermitted = 1;
    private const int NoSuchCall = 38;

    // Mounting, modules, keys, tracing, clocks, raw hardware, kernel interfaces with a history of holes.
    private static readonly string[] Refused =
    [
        "mount", "umount2", "move_mount", "open_tree", "fsopen", "fsconfig", "fsmount", "fspick", "mount_setattr", "pivot_root",
        "init_module", "finit_module", "delete_module", "create_module", "query_module", "get_kernel_syms", "kexec_load", "kexec_file_load",
        "add_key", "request_key", "keyctl", "bpf", "perf_event_open", "userfaultfd", "lookup_dcookie", "kcmp",
        "io_uring_setup", "io_uring_enter", "io_uring_register",
        "acct", "quotactl", "quotactl_fd", "swapon", "swapoff", "reboot", "syslog", "nfsservctl", "uselib", "ustat", "sysfs", "_sysctl",
        "settimeofday", "stime", "clock_settime", "clock_settime64", "clock_adjtime", "clock_adjtime64", "adjtimex",
        "iopl", "ioperm", "vm86", "vm86old", "modify_ldt",
        "open_by_handle_at", "name_to_handle_at", "fanotify_init", "vhangup", "sethostname", "setdomainname",
        "process_vm_readv", "process_vm_writev", "move_pages", "migrate_pages", "mbind", "set_mempolicy", "set_mempolicy_home_node",
    ];

    public static string WithUserNamespaces { get; } = JsonSerializer.Serialize(
        new SeccompProfile(
            "SCMP_ACT_ALLOW",
            ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32", "SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM"],
            [
                new(Refused, "SCMP_ACT_ERRNO", NotPermitted, null),

                // Only the first argument of clone can be looked at, clone3 hides its flags in memory: the libc falls back to clone.
                new(["clone3"], "SCMP_ACT_ERRNO", NoSuchCall, null),
            ]),
        SeccompJson.Default.SeccompProfile);
}

internal sealed record SeccompProfile(string DefaultAction, IReadOnlyList<string> Architectures, IReadOnlyList<SeccompRule> Syscalls);

internal sealed record SeccompRule(IReadOnlyList<string> Names, string Action, int ErrnoRet, IReadOnlyList<string>? Args);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SeccompProfile))]
internal sealed partial class SeccompJson : JsonSerializerContext;
