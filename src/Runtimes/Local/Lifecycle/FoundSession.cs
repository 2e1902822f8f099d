using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Runtimes.Local.Inside;
using StreamSpace.Runtimes.Local.Launching;
using StreamSpace.Runtimes.Local.Limits;
using StreamSpace.Runtimes.Local.Native;

namespace StreamSpace.Runtimes.Local.Lifecycle;

/// <summary>A session as it is found on disk and in /proc, now. Nothing is remembered between two looks: a second server sees the same.</summary>
internal sealed record FoundSession(SessionRecord Record, SessionPlaces Places, GuardStatus Status, IControlGroup Group)
{
    // The first program's exit codes, see session.pl.
    private const int NoDisplay = 91, DisplayEnded = 92, NoWindowManager = 93, ProgramEnded = 94, ProgramFailed = 95, ProgramKilled = 96, DisplayKilled = 97;

    public bool IsAlive => Status.IsAlive;

    public bool IsUp => Status.Init.IsAlive;

    public static FoundSession? Find(Places places, SessionId session)
    {
        var at = places.Session(session);
        if (SessionRecord.Read(at) is not { } record)
            return null;
        var status = record.Boot == ProcessIdentity.Boot ? GuardStatus.Read(at) : GuardStatus.None;
        return new FoundSession(record, at, status, GroupTree.Open(record.Groups, status.Init));
    }

    public RuntimeState State()
    {
        if (!IsAlive)
        {
            var ending = Ending();
            return new RuntimeState(Record.Session, RuntimePhase.Stopped, ending.Reason, ending.Message, null);
        }

        var phase = !IsUp || !Path.Exists(Places.Socket) ? RuntimePhase.Starting : Group.IsFrozen ? RuntimePhase.Frozen : RuntimePhase.Running;
        return new RuntimeState(Record.Session, phase, null, null, Record.StartedAt);
    }

    /// <summary>Why it is not running: nothing to say when it was asked to stop, else what the traces tell.</summary>
    public Ending Ending()
    {
        if (File.Exists(Places.Asked))
            return new Ending(null, null);
        return Json.Read(Places.Ending, LocalJson.Default.Ending) ?? Understand();
    }

    private Ending Understand()
    {
        var outOfMemory = Group.MemoryKills() > 0 || File.Exists(Places.OutOfMemory);
        var program = Record.Command.Count > 0 ? Path.GetFileName(Record.Command[0]) : "The desktop";
        var memory = new Ending(RuntimeReasons.OutOfMemory, $"{program} was ended because the session's memory ({Record.Limits.MemoryBytes >> 20} MiB) ran out.");
        var words = LogRing.LastWords(Places.Log);
        return Status.ExitCode switch
        {
            _ when Record.Boot != ProcessIdentity.Boot => new(RuntimeReasons.RuntimeLost, "The machine was restarted."),
            NoDisplay => new(RuntimeReasons.StartFailed, $"The display did not start. {words}"),
            DisplayKilled or ProgramKilled when outOfMemory => memory,
            DisplayEnded or DisplayKilled => new(RuntimeReasons.DisplayLost, $"The display ended. {words}"),
            NoWindowManager => new(RuntimeReasons.DisplayLost, $"The window manager does not stay up. {words}"),
            ProgramEnded => new(RuntimeReasons.ProgramEnded, $"{program} was closed."),
            ProgramFailed or ProgramKilled => new(RuntimeReasons.ProgramEnded, $"{program} ended with an error. {words}"),
            null => new(RuntimeReasons.RuntimeLost, "The session's processes and their guard were ended from outside."),
            _ when Status.Init.Pid == 0 => new(RuntimeReasons.StartFailed, $"The sandbox did not start. {Status.Failure} {words}"),
            _ when outOfMemory => memory,
            var code => new(RuntimeReasons.RuntimeLost, $"The session's processes were ended from outside (code {code})."),
        };
    }

    /// <summary>The session, or the failure that says it does not run.</summary>
    public static FoundSession Running(Places places, SessionId session)
    {
        var found = Find(places, session);
        return found is { IsUp: true } ? found : throw new RuntimeFailure(RuntimeReasons.WrongState, "The session does not run.");
    }

    /// <summary>Like <see cref="Running"/>, for what a frozen session cannot do.</summary>
    public static FoundSession Awake(Places places, SessionId session)
    {
        var found = Running(places, session);
        return found.Group.IsFrozen ? throw new RuntimeFailure(RuntimeReasons.WrongState, "The session is frozen.") : found;
    }
}
