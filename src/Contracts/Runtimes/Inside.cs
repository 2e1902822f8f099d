namespace StreamSpace.Contracts.Runtimes;

/// <summary>A program to start in a session.</summary>
/// <param name="Command">Program and arguments; empty starts the login shell.</param>
/// <param name="Environment">Added to the session's environment.</param>
/// <param name="Columns">Initial width in characters.</param>
/// <param name="Rows">Initial height in characters.</param>
public sealed record ExecSpec(IReadOnlyList<string> Command, IReadOnlyDictionary<string, string> Environment, int Columns = 80, int Rows = 24);

/// <summary>One line of a session's output.</summary>
/// <param name="Time">When it was written, as far as the runtime knows; null when it does not.</param>
/// <param name="Text">The line without its end.</param>
public sealed record LogLine(DateTimeOffset? Time, string Text);

/// <summary>A process inside a session.</summary>
/// <param name="Pid">As seen from outside the session.</param>
/// <param name="Parent">Its parent's pid.</param>
/// <param name="Command">Name or command line; shortened to 200 characters.</param>
/// <param name="CpuNanoseconds">CPU time so far.</param>
/// <param name="MemoryBytes">Resident memory.</param>
public sealed record SessionProcess(int Pid, int Parent, string Command, long CpuNanoseconds, long MemoryBytes);

/// <summary>What a session has used.</summary>
/// <param name="CpuNanoseconds">CPU time since start.</param>
/// <param name="MemoryBytes">Memory held now.</param>
/// <param name="NetworkReceivedBytes">Since start; null when unknown.</param>
/// <param name="NetworkSentBytes">Since start; null when unknown.</param>
/// <param name="DiskBytes">Size of what the session wrote and holds; null when unknown.</param>
/// <param name="Processes">Processes now; null when unknown.</param>
/// <param name="ProcessesRefused">How often the limit on processes refused a new one since start (the kernel's <c>pids.events</c>); null when unknown.</param>
public sealed record UsageSample(
    long CpuNanoseconds, long MemoryBytes, long? NetworkReceivedBytes, long? NetworkSentBytes, long? DiskBytes, int? Processes, long? ProcessesRefused);

/// <summary>A file or folder inside a session.</summary>
/// <param name="Name">Last part of the path.</param>
/// <param name="Path">Absolute path inside the session.</param>
/// <param name="IsFolder">True for folders.</param>
/// <param name="IsLink">True for symbolic links.</param>
/// <param name="Bytes">Size.</param>
/// <param name="ModifiedAt">Last change.</param>
/// <param name="Mode">Unix permission bits.</param>
public sealed record FileEntry(string Name, string Path, bool IsFolder, bool IsLink, long Bytes, DateTimeOffset ModifiedAt, int Mode);
