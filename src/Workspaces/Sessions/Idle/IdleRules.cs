using StreamSpace.Contracts.Sessions;

namespace StreamSpace.Sessions;

/// <summary>Everything the decision about idleness looks at.</summary>
/// <param name="Phase">What the session is.</param>
/// <param name="LastActivity">When it was used last.</param>
/// <param name="Kind">How: <c>input</c>, <c>heartbeat</c>, ...</param>
/// <param name="KeepAwake">Its person asked to keep it awake.</param>
/// <param name="CanFreeze">The runtime can freeze.</param>
/// <param name="FreezeAfter">Freeze that long after the last activity.</param>
/// <param name="IdleTimeout">Hibernate that long after the last activity.</param>
/// <param name="ExpiresAt">End it then.</param>
/// <param name="CpuPercent">Its CPU use in the latest sample; null when there is no recent one.</param>
/// <param name="CpuThreshold">From here on CPU use counts as activity; 0: never.</param>
internal sealed record IdleFacts(
    SessionPhase Phase, DateTimeOffset LastActivity, string Kind, bool KeepAwake, bool CanFreeze, TimeSpan FreezeAfter, TimeSpan IdleTimeout,
    DateTimeOffset? ExpiresAt, double? CpuPercent, int CpuThreshold);

/// <summary>What follows from the facts.</summary>
/// <param name="FreezeAt">Null: not for now.</param>
/// <param name="HibernateAt">Null: not for now.</param>
/// <param name="TerminateAt">Null: not for now.</param>
/// <param name="BusyCpu">CPU use counts as activity right now.</param>
/// <param name="Reasons">Sentences: what keeps it awake, or since when nothing does.</param>
internal sealed record IdlePlan(DateTimeOffset? FreezeAt, DateTimeOffset? HibernateAt, DateTimeOffset? TerminateAt, bool BusyCpu, IReadOnlyList<string> Reasons)
{
    /// <summary>What is due by now; the heaviest first.</summary>
    public (string Action, DateTimeOffset At)? DueBy(DateTimeOffset now) =>
        TerminateAt <= now ? ("terminate", TerminateAt.Value)
        : HibernateAt <= now ? ("hibernate", HibernateAt.Value)
        : FreezeAt <= now ? ("freeze", FreezeAt.Value)
        : null;

    /// <summary>What idleness brings next.</summary>
    public (string Action, DateTimeOffset At)? Next => (FreezeAt, HibernateAt) switch
    {
        ({ } freeze, { } hibernate) => freeze <= hibernate ? ("freeze", freeze) : ("hibernate", hibernate),
        ({ } freeze, null) => ("freeze", freeze),
        (null, { } hibernate) => ("hibernate", hibernate),
        _ => null,
    };
}

/// <summary>When a session freezes, hibernates and ends. Freezing and hibernating both count from the last activity.</summary>
internal static class IdleRules
{
    // A picture that goes on moving is told more often than this.
    private static readonly TimeSpan StillMoving = TimeSpan.FromSeconds(30);

    public static IdlePlan Plan(IdleFacts facts, DateTimeOffset now)
    {
        var reasons = new List<string>();
        var awake = facts.Phase is SessionPhase.Running or SessionPhase.Frozen;
        var busy = facts.Phase == SessionPhase.Running && facts.CpuThreshold > 0 && facts.CpuPercent >= facts.CpuThreshold;
        if (!awake)
            reasons.Add("It does not run.");
        if (facts.KeepAwake)
            reasons.Add("Keep awake is switched on.");
        if (busy)
            reasons.Add($"It uses {facts.CpuPercent:0} % CPU; from {facts.CpuThreshold} % on that counts as activity.");
        var last = busy ? now : facts.LastActivity;
        if (facts.Phase == SessionPhase.Running && facts.Kind == "picture" && now - facts.LastActivity < StillMoving)
            reasons.Add("Its picture moves while somebody looks on, which counts as activity.");
        else if (awake && !busy)
            reasons.Add($"{Sentence(facts.Kind)} {Ago(now - facts.LastActivity)} ago.");
        if (!awake || facts.KeepAwake)
            return new(null, null, awake ? facts.ExpiresAt : null, busy, reasons);
        DateTimeOffset? freeze = facts.Phase == SessionPhase.Running && facts.CanFreeze && facts.FreezeAfter < facts.IdleTimeout ? last + facts.FreezeAfter : null;
        return new(freeze, last + facts.IdleTimeout, facts.ExpiresAt, busy, reasons);
    }

    private static string Sentence(string kind) => kind switch
    {
        "input" => "Last typing or pointing",
        "heartbeat" => "Last sign of use by a client",
        "terminal" => "Last use of a terminal",
        "file" => "Last transfer of files",
        "cpu" => "Last busy CPU",
        "picture" => "Last moving picture before a viewer",
        "connect" => "Last viewer that connected",
        _ => "It was started",
    };

    private static string Ago(TimeSpan time) => Kernel.Duration.Write(TimeSpan.FromSeconds(Math.Max(0, Math.Floor(time.TotalSeconds))));
}
