using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Dlp;
using StreamSpace.Contracts.Identity;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;

namespace StreamSpace.Workspaces.Tests.Streaming;

/// <summary>The neighbours of the stream proxy, by hand: sessions, people and rights as a test sets them. Shared by replicas.</summary>
internal sealed class FakeHouse : ISessionDirectory, ISessionWaker, ISessionActivity, ISessionDisplays, ILoginDirectory, ICallerSource, IAuditTrail, IDataProtection
{
    private static readonly IReadOnlySet<string> Everything = new HashSet<string> { "viewers.open", "viewers.list", "viewers.drop" };

    public ConcurrentDictionary<SessionId, SessionFacts> Sessions { get; } = new();

    public ConcurrentDictionary<(SessionId, UserId), AccessLevel?> Shares { get; } = new();

    public ConcurrentDictionary<LoginId, LoginFacts> Logins { get; } = new();

    public ConcurrentQueue<(WakeCause Cause, UserId By)> Woken { get; } = new();

    public ConcurrentQueue<UserId> Inputs { get; } = new();

    public ConcurrentQueue<SessionId> Pictures { get; } = new();

    public ConcurrentQueue<AuditEntry> Audit { get; } = new();

    public WakeAnswer Answer { get; set; } = WakeAnswer.Coming;

    public string Password { get; set; } = "not asked for";

    /// <summary>The one policy that counts for everybody; null for none.</summary>
    public StreamPolicy? Policy { get; set; }

    public ConcurrentQueue<StreamIncident> Incidents { get; } = new();

    public LoginFacts Person(string name, params string[] more)
    {
        var login = new LoginFacts(LoginId.New(), UserId.New(), name, name, Everything.Concat(more).ToHashSet(), $"{name}@example.org");
        return Logins[login.Login] = login;
    }

    public SessionFacts Session(LoginFacts owner, SessionPhase phase = SessionPhase.Running)
    {
        var session = new SessionFacts(SessionId.New(), "desk", owner.User, "desktop", "fake", phase, null, null, 1);
        Sessions[session.Id] = session;
        Shares[(session.Id, owner.User)] = AccessLevel.Control;
        return session;
    }

    public Task<SessionSight?> FindAsync(SessionRef session, UserId user, Func<string, bool> may, CancellationToken ct) => Task.FromResult(
        session.Id is { } id && Sessions.TryGetValue(id, out var facts) && Shares.TryGetValue((id, user), out var level)
            ? new SessionSight(facts, level, facts.Owner == user)
            : null);

    public Task<SessionFacts?> FindAsync(SessionId session, CancellationToken ct) => Task.FromResult(Sessions.GetValueOrDefault(session));

    public Task<IReadOnlyList<SessionFacts>> ListUpAsync(SessionFacts? after, int limit, CancellationToken ct) => Task.FromResult<IReadOnlyList<SessionFacts>>([]);

    Task<DisplayAccess?> ISessionDisplays.FindAsync(SessionId session, CancellationToken ct) =>
        Task.FromResult(Sessions.TryGetValue(session, out var facts) ? new DisplayAccess(facts.Runtime, facts.Generation, Password) : null);

    public Task<WakeAnswer> WakeAsync(SessionId session, UserId by, WakeCause cause, CancellationToken ct)
    {
        Woken.Enqueue((cause, by));
        return Task.FromResult(Answer);
    }

    public Task InputSeenAsync(SessionId session, UserId by, CancellationToken ct)
    {
        Inputs.Enqueue(by);
        return Task.CompletedTask;
    }

    public Task PictureMovesAsync(SessionId session, CancellationToken ct)
    {
        Pictures.Enqueue(session);
        return Task.CompletedTask;
    }

    Task<LoginFacts?> ILoginDirectory.FindAsync(LoginId login, CancellationToken ct) => Task.FromResult(Logins.GetValueOrDefault(login));

    public ValueTask<Result<ICaller>> AuthenticateAsync(HttpContext context, CancellationToken ct)
    {
        if (Guid.TryParse(context.Request.Headers["X-Login"], out var id) && Logins.TryGetValue(LoginId.From(id), out var login))
            return ValueTask.FromResult<Result<ICaller>>(Caller.Person(login.User, login.Username, login.Login, ["user"], login.Permissions, byCookie: false, "127.0.0.1"));
        return ValueTask.FromResult<Result<ICaller>>(Caller.Anonymous("127.0.0.1"));
    }

    public bool IsForged(HttpContext context, ICaller caller) => false;

    public Task WriteAsync(AuditEntry entry, CancellationToken ct)
    {
        Audit.Enqueue(entry);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<StreamPolicy?>> FindAsync(IReadOnlyList<PolicySubject> subjects, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<StreamPolicy?>>([.. subjects.Select(_ => Policy)]);

    /// <summary>Finds a rule whose pattern stands in the text, letter by letter.</summary>
    public ContentFinding? Inspect(IReadOnlyList<ContentRule> rules, string text) =>
        rules.FirstOrDefault(r => text.Contains(r.Pattern ?? "\u0000", StringComparison.Ordinal)) is { } rule ? new(rule, 1, false) : null;

    public void Report(StreamIncident incident) => Incidents.Enqueue(incident);
}
