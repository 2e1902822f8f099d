using StreamSpace.Contracts.Dlp;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;
using StreamSpace.Streaming.Protection;

namespace StreamSpace.Streaming.Files;

/// <summary>The files of one session that the caller may work with now.</summary>
/// <param name="Session">The session.</param>
/// <param name="Files">Its runtime's door to them.</param>
/// <param name="Policy">What data protection says to the caller here, as of now.</param>
internal sealed record OpenDesk(SessionFacts Session, IHomeFiles Files, StreamPolicy Policy);

/// <summary>Lets callers at the files of sessions: the owner alone, while the session runs; and tells that the session is in use.</summary>
internal sealed class FileDesk(
    ICaller caller, PermissionRegistry permissions, ISessionDirectory sessions, IEnumerable<ISessionRuntime> runtimes, IDataProtection protection, IFileBorder border, FileActivity activity,
    TimeProvider clock)
{
    /// <summary>What decides about single files.</summary>
    public IFileBorder Border => border;

    public async Task<Result<OpenDesk>> OpenAsync(SessionRef session, CancellationToken ct)
    {
        if (await sessions.FindAsync(session, caller.UserId, name => permissions.Find(name) is { } p && caller.May(p), ct) is not { } sight)
            return Failure.Missing("session");
        var found = sight.Session;
        // Administrators see that a session is there; what lies in it is its owner's.
        if (found.Owner != caller.UserId)
            return FileFailures.NotYours;
        if (found.Phase is SessionPhase.Frozen or SessionPhase.Freezing or SessionPhase.Hibernated or SessionPhase.Hibernating)
            return FileFailures.Asleep(found.Name, found.Phase);
        if (found.Phase != SessionPhase.Running)
            return FileFailures.NotUp(found.Name, found.Phase);
        if (runtimes.FirstOrDefault(r => r.Name == found.Runtime) is not { } runtime)
            return FileFailures.Of(new RuntimeFailure(RuntimeReasons.RuntimeLost, "It is not switched on here."), found.Runtime);
        activity.Seen(found.Id, caller.UserId);
        var policy = (await protection.FindAsync([found.SubjectFor(caller.UserId)], ct))[0];
        return new OpenDesk(found, runtime.Files, policy ?? StreamPolicy.Free);
    }

    /// <summary>Writes down what the border found; says it as a failure where it blocks.</summary>
    public Failure? Tell(OpenDesk desk, DlpChannel channel, FileFinding? found, string file, long bytes, string type)
    {
        if (found is null)
            return null;
        protection.Report(new(
            found.Outcome, channel, found.Reason, found.By, desk.Session.Id, desk.Session.Owner, caller.UserId, caller.Name, null, clock.GetUtcNow(), bytes, type, found.Finding,
            found.Finding is null ? 0 : 1, 1, null, desk.Session.SubjectFor(caller.UserId).Template, file));
        return found.Outcome == IncidentOutcome.Blocked ? FileFailures.Blocked(found, channel == DlpChannel.FileUpload ? desk.Policy.Upload : desk.Policy.Download) : null;
    }
}
