using StreamSpace.Access;
using StreamSpace.Audit;
using StreamSpace.Dlp;
using StreamSpace.Identity;
using StreamSpace.Kernel;
using StreamSpace.Recordings;
using StreamSpace.Sessions;
using StreamSpace.Sharing;
using StreamSpace.Streaming;
using StreamSpace.Teams;
using StreamSpace.Templates;

namespace StreamSpace.Server;

/// <summary>The modules of this process, in the order their routes are mapped.</summary>
public static class Modules
{
    /// <summary>All of them, made anew for each host.</summary>
    public static IReadOnlyList<IModule> All() =>
    [
        new IdentityModule(),
        new AccessModule(),
        new TeamsModule(),
        new AuditModule(),
        new DlpModule(),
        new TemplatesModule(),
        new SessionsModule(),
        new SharingModule(),
        new StreamingModule(),
        new RecordingsModule(),
    ];
}
