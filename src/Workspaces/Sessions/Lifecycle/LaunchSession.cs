using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Dlp;
using StreamSpace.Contracts.Identity;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Contracts.Templates;
using StreamSpace.Kernel;

namespace StreamSpace.Sessions;

/// <summary>Accepts a session. It only writes down what is wanted; the reconciler does the rest.</summary>
internal sealed class LaunchSession(
    SessionsDb db, ICaller caller, IUserDirectory people, ITemplateLookup templates, RuntimeRegistry runtimes, Limits limits, Quotas quotas, CapacityLimits rooms, SessionShelf shelf,
    ISecretBox secrets, Instance instance, Microsoft.Extensions.Options.IOptions<SessionsOptions> options, IEventLog events, ReconcilerBell bell, TimeProvider clock,
    ILaunchGate gate, AuditScope audit)
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/sessions", (LaunchRequest request, LaunchSession launch, CancellationToken ct) => launch.HandleAsync(request, ct))
            .Needs(SessionsPermissions.Create).Audited("session.created").Produces<SessionAnswer>(201)
            .WithName("LaunchSession").WithTags("Sessions").WithSummary("Launch a session").WithDescription("Records the wish and answers at once; follow the launch in the session's progress or over the realtime socket.");

    private async Task<IResult> HandleAsync(LaunchRequest request, CancellationToken ct)
    {
        var settled = await SettleAsync(request, ct);
        if (!settled.Ok)
            return settled.Failure.ToHttp();
        var template = settled.Value.Template;
        var id = SessionId.New();
        var pass = await gate.EnterAsync(new(caller.UserId, template.Name, template.Version, request.Reason, id), ct);
        if (SessionFailures.Of(pass) is { } closed)
            return closed.ToHttp();
        audit.Changed("reason", null, pass.Reason);
        var launched = await LaunchAsync(request, settled.Value, (id, pass), ct);
        return launched.Ok ? TypedResults.Created($"/api/v1/sessions/{id}", await shelf.AnswerAsync(launched.Value, ct)) : launched.Failure.ToHttp();
    }

    /// <summary>Writes the session down. Whatever else comes of it, an approval that was taken for it goes back.</summary>
    private async Task<Result<Session>> LaunchAsync(LaunchRequest request, Settled settled, (SessionId Id, LaunchPass Pass) entered, CancellationToken ct)
    {
        var saved = false;
        try
        {
            var person = (await people.FindAsync([caller.UserId], ct)).GetValueOrDefault(caller.UserId);
            for (var attempt = 1; ; attempt++)
            {
                var session = Make(request, request.Name ?? LaunchRules.MakeName(settled.Template.Name), settled, entered, person);
                try
                {
                    if (await SaveAsync(session, ct) is { } refused)
                        return await quotas.TellAsync(refused, ct);
                }
                catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "sessions_owner_name" })
                {
                    if (request.Name is not null || attempt == 5)
                        return SessionFailures.NameTaken(session.Name);
                    db.ChangeTracker.Clear();
                    continue;
                }

                saved = true;
                bell.Ring(session.Id);
                return session;
            }
        }
        finally
        {
            // Not cancelled with the request: who went away in the middle has not used it.
            if (!saved && entered.Pass.Approval is not null)
                await gate.GiveBackAsync(entered.Id, CancellationToken.None);
        }
    }

    private async Task<Result<Settled>> SettleAsync(LaunchRequest request, CancellationToken ct)
    {
        var issues = new List<FieldIssue>();
        LaunchRules.CheckName(request.Name, issues);
        LaunchRules.CheckTags(request.Tags, issues);
        LaunchRules.CheckEnv(request.Env, issues);
        var cpu = LaunchRules.Cpu(request.Resources?.Cpu, issues);
        var memory = LaunchRules.Size("resources.memory", request.Resources?.Memory, 64L << 20, issues);
        var storage = LaunchRules.Size("resources.storage", request.Resources?.Storage, 1L << 20, issues);
        var idle = LaunchRules.Span("idle_timeout", request.IdleTimeout, issues);
        var freeze = LaunchRules.Span("freeze_after", request.FreezeAfter, issues);
        var duration = LaunchRules.Span("max_duration", request.MaxDuration, issues);
        var picture = LaunchRules.Geometry(request.Geometry, issues);
        LaunchRules.CheckReason(request.Reason, issues);
        if (request.Network is not (null or "default" or "none"))
            issues.Add(new("network", "must be default or none."));
        var template = templates.Find(request.Template);
        if (template is null)
            issues.Add(((FieldIssue)SessionFailures.NoTemplate(request.Template).Details!));
        if (issues.Count > 0)
            return Failure.Fields(issues);
        var runtime = await ChooseAsync(request, template!, ct);
        if (!runtime.Ok)
            return runtime.Failure;
        var granted = limits.Settle(template!, cpu, memory, storage, idle, freeze, duration);
        var room = rooms.Of(runtime.Value);
        if (room.CpuMillicores > 0 && granted.CpuMillicores > room.CpuMillicores)
            return SessionFailures.TooBig(runtime.Value, "cpu", Quantity.Millicores(room.CpuMillicores));
        if (room.MemoryBytes > 0 && granted.MemoryBytes > room.MemoryBytes)
            return SessionFailures.TooBig(runtime.Value, "memory", Quantity.Bytes(room.MemoryBytes));
        return new Settled(template!, runtime.Value, granted, picture ?? (template!.Width, template.Height));
    }

    private async Task<Result<string>> ChooseAsync(LaunchRequest request, TemplateFacts template, CancellationToken ct)
    {
        if (request.Runtime is null or "auto")
        {
            return await runtimes.ChooseAsync(template.Runtimes, ct) is { } chosen
                ? chosen.Name
                : SessionFailures.RuntimeDown(template.Runtimes.Count == 1 ? template.Runtimes[0] : "auto", "No runtime answers; an administrator finds the reason on the system page.");
        }

        if (runtimes.Find(request.Runtime) is not { } runtime)
            return SessionFailures.NoRuntime(request.Runtime, runtimes.Names);
        if (template.Runtimes.Count > 0 && !template.Runtimes.Contains(runtime.Name, StringComparer.Ordinal))
            return SessionFailures.NotOnRuntime(template.Name, runtime.Name);
        var health = runtimes.Knows(runtime.Name) ? runtimes.HealthOf(runtime.Name) : await runtimes.ProbeAsync(runtime, ct);
        return health.Available ? runtime.Name : SessionFailures.RuntimeDown(runtime.Name, health.Problem);
    }

    private async Task<Refusal?> SaveAsync(Session session, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await quotas.CheckAsync(db, session.OwnerId, session.CpuMillicores, session.MemoryBytes, created: true, ct) is { } refused)
            return refused;
        db.Add(session);
        db.Add(new WorkItem { SessionId = session.Id, Node = session.Node, DueAt = session.CreatedAt, Wishes = 1 });
        db.Add(new Presence { SessionId = session.Id, LastActivityAt = session.CreatedAt, Kind = "start" });
        await db.SaveAsync(session, events, ct);
        await transaction.CommitAsync(ct);
        return null;
    }

    private Session Make(LaunchRequest request, string name, Settled settled, (SessionId Id, LaunchPass Pass) entered, UserFacts? person)
    {
        var (template, runtime, granted, picture) = settled;
        var env = new Dictionary<string, string>(template.Environment, StringComparer.Ordinal);
        foreach (var (key, value) in request.Env ?? new Dictionary<string, string>())
            env[key] = value;
        var session = new Session
        {
            Id = entered.Id, Name = name, LaunchReason = entered.Pass.Reason, OwnerId = caller.UserId, OwnerName = person?.Username ?? caller.Name, OwnerTitle = person?.DisplayName ?? caller.Name,
            Template = template.Name, TemplateVersion = template.Version, TemplateTitle = template.DisplayName, Category = template.Category, Protocol = template.Protocol,
            Application = template.Application, Runtime = runtime, Node = options.Value.NodeBound.Contains(runtime) ? instance.Node : null,
            // VNC passwords have eight characters; this one never leaves the server.
            DisplaySecret = secrets.Seal(Launcher.SecretPurpose, RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", 8)),
            CpuMillicores = granted.CpuMillicores, MemoryBytes = granted.MemoryBytes, StorageBytes = granted.StorageBytes, Processes = template.Resources.Processes, LimitsFrom = granted.From,
            PersistentHome = request.PersistentHome ?? true, Network = request.Network != "none",
            IdleTimeout = granted.IdleTimeout, FreezeAfter = granted.FreezeAfter, MaxDuration = granted.MaxDuration, CpuThreshold = template.CpuThresholdPercent, KeepAwake = request.KeepAwake,
            Tags = [.. (request.Tags ?? []).Distinct(StringComparer.Ordinal)], Env = env, Width = picture.Width, Height = picture.Height, CreatedAt = clock.GetUtcNow(),
        };
        session.Accept();
        return session;
    }

    private sealed record Settled(TemplateFacts Template, string Runtime, Granted Granted, (int Width, int Height) Picture);
}
