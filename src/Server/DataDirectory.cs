using System.Globalization;

namespace StreamSpace.Server;

/// <summary>
/// One server per data directory: a second one would share the first one's database cluster and stop it when it ends.
/// The lock is the kernel's, so it goes with the process however that ends; the file only says who holds it.
/// </summary>
internal sealed class DataDirectory : IDisposable
{
    private readonly FileStream held;

    private DataDirectory(FileStream held) => this.held = held;

    /// <summary>Takes the directory for this process; null when a server has it and only a look at its database is wanted.</summary>
    /// <exception cref="InvalidOperationException">Another server has it; the message says which and what to do.</exception>
    public static DataDirectory? Take(ServerOptions options)
    {
        Directory.CreateDirectory(options.Data);
        var file = Path.Combine(options.Data, "server.lock");
        var who = Path.Combine(options.Data, "server.running");
        try
        {
            var held = new FileStream(file, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
            File.WriteAllText(who, string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId}, {options.Address}"));
            return new DataDirectory(held);
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException) && File.Exists(file))
        {
            if (options.Command != "serve")
                return null;
            var running = File.Exists(who) ? $" ({File.ReadAllText(who)})" : "";
            throw new InvalidOperationException($"StreamSpace runs already on {options.Data}{running}. Use that one, stop it first, or choose another directory with --data.", e);
        }
    }

    public void Dispose() => held.Dispose();
}
