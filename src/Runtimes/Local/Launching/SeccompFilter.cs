using System.Buffers.Binary;
using StreamSpace.Runtimes.Local.Native;

namespace StreamSpace.Runtimes.Local.Launching;

/// <summary>
/// The system calls a session may not make, as a classic BPF program. Namespaces and mounts stay allowed: browsers build their
/// own sandboxes from them, and the kernel confines what they may do there.
/// </summary>
internal static class SeccompFilter
{
    private const uint Allow = 0x7fff0000, Refuse = 0x00050001, NoSuchFamily = 0x00050000 | 97;
    private const ushort Load = 0x20, Equal = 0x15, AtLeast = 0x35, Return = 0x06;
    private const uint ArchX64 = 0xc000003e, ArchArm64 = 0xc00000b7;

    private static readonly string[] Denied =
    [
        "acct", "add_key", "adjtimex", "bpf", "clock_adjtime", "clock_settime", "delete_module", "fanotify_init", "finit_module", "fsconfig", "fsmount",
        "fsopen", "fspick", "init_module", "io_uring_enter", "io_uring_register", "io_uring_setup", "ioperm", "iopl", "kexec_file_load", "kexec_load", "keyctl",
        "lookup_dcookie", "mount_setattr", "move_mount", "move_pages", "name_to_handle_at", "open_by_handle_at", "open_tree", "perf_event_open", "quotactl",
        "reboot", "request_key", "settimeofday", "swapoff", "swapon", "syslog", "userfaultfd", "vhangup",
    ];

    // Unix, IPv4, IPv6 and netlink. Above all not vsock: it has no namespaces and would lead to the machine's hypervisor.
    private static readonly uint[] Families = [1, 2, 10, 16];

    // Typing into another's terminal (TIOCSTI, TIOCLINUX).
    private static readonly uint[] DeniedIoctls = [0x5412, 0x541c];

    public static byte[] Build()
    {
        var program = new Program();
        program.Add(Load, 4);
        program.Unless(SystemCalls.Arm ? ArchArm64 : ArchX64, Refuse);
        program.Add(Load, 0);
        if (!SystemCalls.Arm)
            program.When(AtLeast, 0x40000000, Refuse); // the x32 numbers would pass by the list
        foreach (var name in Denied)
        {
            if (SystemCalls.Number(name) is >= 0 and var number)
                program.When(Equal, (uint)number, Refuse);
        }

        // if (nr == socket) { family = args[0]; allowed families -> allow; else refuse }
        program.Skip((uint)SystemCalls.Number("socket"), 1 + (2 * Families.Length) + 1);
        program.Add(Load, 16);
        foreach (var family in Families)
            program.When(Equal, family, Allow);
        program.Add(Return, NoSuchFamily);

        program.Skip((uint)SystemCalls.Number("ioctl"), 1 + (2 * DeniedIoctls.Length));
        program.Add(Load, 24);
        foreach (var request in DeniedIoctls)
            program.When(Equal, request, Refuse);
        program.Add(Return, Allow);
        return program.ToArray();
    }

    private sealed class Program
    {
        private readonly List<byte> _bytes = [];

        public void Add(ushort code, uint value, byte whenTrue = 0, byte whenFalse = 0)
        {
            Span<byte> instruction = stackalloc byte[8];
            BinaryPrimitives.WriteUInt16LittleEndian(instruction, code);
            instruction[2] = whenTrue;
            instruction[3] = whenFalse;
            BinaryPrimitives.WriteUInt32LittleEndian(instruction[4..], value);
            _bytes.AddRange(instruction);
        }

        public void When(ushort test, uint value, uint answer)
        {
            Add(test, value, 0, 1);
            Add(Return, answer);
        }

        public void Unless(uint value, uint answer)
        {
            Add(Equal, value, 1, 0);
            Add(Return, answer);
        }

        /// <summary>Jumps over the next instructions unless the value is equal.</summary>
        public void Skip(uint value, int count) => Add(Equal, value, 0, (byte)count);

        public byte[] ToArray() => [.. _bytes];
    }
}
