using System.Globalization;
using StreamSpace.Runtimes.Local.Native;

namespace StreamSpace.Runtimes.Local.Launching;

/// <summary>What a session's guard has told so far, by its file.</summary>
internal sealed record GuardStatus(
    ProcessIdentity Guard, ProcessIdentity Sandbox, ProcessIdentity Init, ProcessIdentity Network, bool? Online, string? Failure, int? ExitCode)
{
    public static GuardStatus None { get; } = new(default, default, default, default, null, null, null);

    /// <summary>Something of the session lives: its processes, or the guard that is about to bring them up.</summary>
    public bool IsAlive => Init.IsAlive || Guard.IsAlive || Sandbox.IsAlive;

    public static GuardStatus Read(SessionPlaces places)
    {
        try
        {
            return File.ReadLines(places.Status).Aggregate(None, (status, line) => status.With(line));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return None;
        }
    }

    public GuardStatus With(string fact)
    {
        var words = fact.Split(' ', 3);
        return words[0] switch
        {
            "guard" when words.Length == 3 => this with { Guard = ProcessIdentity.Parse(words[1], words[2]) },
            "sandbox" when words.Length == 3 => this with { Sandbox = ProcessIdentity.Parse(words[1], words[2]) },
            "init" when words.Length == 3 => this with { Init = ProcessIdentity.Parse(words[1], words[2]) },
            "network" when words.Length == 3 => this with { Network = ProcessIdentity.Parse(words[1], words[2]) },
            "online" => this with { Online = true },
            "offline" => this with { Online = false },
            "failed" => this with { Failure = fact["failed".Length..].Trim() },
            "ended" when words.Length == 2 => this with { ExitCode = int.Parse(words[1], CultureInfo.InvariantCulture) },
            _ => this,
        };
    }
}
