using StreamSpace.Contracts;
using StreamSpace.Contracts.Dlp;
using StreamSpace.Dlp;

namespace StreamSpace.Trust.Tests.Dlp;

/// <summary>What exceptions do to what restrictions say, and what a launch demands: pure.</summary>
public sealed class ExceptionEvaluationTests
{
    private static readonly PolicySubject Ada = new(UserId.New(), [], "firefox", SessionId.New());

    [Fact]
    public void An_exception_loosens_the_fields_it_names_and_is_named_for_them()
    {
        var tight = Restrict("tight", new(new(Allowed: false, MaxBytes: 10, PerMinute: 2, Audit: ClipboardAudit.Content), new(Allowed: false), KeysPerSecond: 5, Screenshot: false));
        var policy = Evaluation.Of([tight, Except("ex", new(new(Allowed: true, MaxBytes: 500, Audit: ClipboardAudit.Metadata), Screenshot: true))], Ada)!;
        Assert.Equal((true, "ex"), (policy.ClipboardIn.Allowed.Value, policy.ClipboardIn.Allowed.By!.Name));
        Assert.Equal((500, "ex"), (policy.ClipboardIn.MaxBytes.Value, policy.ClipboardIn.MaxBytes.By!.Name));
        Assert.Equal((ClipboardAudit.Metadata, "ex"), (policy.ClipboardIn.Audit.Value, policy.ClipboardIn.Audit.By!.Name));
        Assert.Equal((true, "ex"), (policy.Screenshot.Value, policy.Screenshot.By!.Name));
        // What it does not name stays.
        Assert.Equal((2, "tight"), (policy.ClipboardIn.PerMinute.Value, policy.ClipboardIn.PerMinute.By!.Name));
        Assert.Equal((false, "tight"), (policy.ClipboardOut.Allowed.Value, policy.ClipboardOut.Allowed.By!.Name));
        Assert.Equal((5, "tight"), (policy.KeysPerSecond.Value, policy.KeysPerSecond.By!.Name));
    }

    [Fact]
    public void An_exception_never_restricts_and_alone_it_is_no_policy()
    {
        var wide = Restrict("wide", new(new(MaxBytes: 1000, MimeTypes: ["text/plain"], Filters: [new(ContentDetector.Iban, Action: ContentAction.Warn)])));
        var odd = Except("odd", new(new(Allowed: false, MaxBytes: 10, PerMinute: 1, MimeTypes: [], Audit: ClipboardAudit.Content, Filters: [new(ContentDetector.Iban), new(ContentDetector.Email)]), KeysPerSecond: 1, RequireReason: true));
        Assert.Null(Evaluation.Of([odd], Ada));
        var policy = Evaluation.Of([wide, odd], Ada)!;
        Assert.True(policy.ClipboardIn.Allowed.Value);
        Assert.Equal((1000, "wide"), (policy.ClipboardIn.MaxBytes.Value, policy.ClipboardIn.MaxBytes.By!.Name));
        Assert.Null(policy.ClipboardIn.PerMinute.Value);
        Assert.Equal((ClipboardAudit.None, null), (policy.ClipboardIn.Audit.Value, policy.ClipboardIn.Audit.By));
        Assert.Equal(["text/plain"], policy.ClipboardIn.MimeTypes.Value!);
        Assert.Equal([("iban", ContentAction.Warn)], policy.ClipboardIn.Content.Select(r => (r.Name, r.Action)));
        Assert.Null(policy.KeysPerSecond.Value);
        Assert.False(Evaluation.LaunchOf([wide, odd], TeamReach.Launcher(Ada.User, "firefox")).RequireReason.Value);
    }

    [Fact]
    public void Filters_that_an_exception_does_not_list_are_lifted_and_those_it_lists_are_no_stricter_than_there()
    {
        var tight = Restrict("tight", new(new(Filters: [new(ContentDetector.Iban), new(ContentDetector.Email), new(Pattern: "x", Name: "ex")], MimeTypes: ["text/plain"])));
        var policy = Evaluation.Of([tight, Except("ex", new(new(Filters: [new(ContentDetector.Email, Action: ContentAction.Warn), new(Pattern: "x", Name: "other")], MimeTypes: ["text/html"])))], Ada)!;
        Assert.Equal([("email", ContentAction.Warn, "ex"), ("ex", ContentAction.Block, "tight")], policy.ClipboardIn.Content.Select(r => (r.Name, r.Action, r.By.Name)));
        Assert.Equal((true, "ex"), (policy.ClipboardIn.MimeTypes.Value!.SequenceEqual(["text/plain", "text/html"]), policy.ClipboardIn.MimeTypes.By!.Name));
        Assert.Empty(Evaluation.Of([tight, Except("all", new(new(Filters: [])))], Ada)!.ClipboardIn.Content);
    }

    [Fact]
    public void Of_several_exceptions_the_highest_priority_decides_each_field_and_only_for_whom_it_is()
    {
        var tight = Restrict("tight", new(new(MaxBytes: 10), new(MaxBytes: 10)));
        var low = Except("low", new(new(MaxBytes: 900), new(MaxBytes: 900)), priority: 1);
        var high = Except("high", new(new(MaxBytes: 100)), priority: 2);
        var others = Except("others", new(new(MaxBytes: 5000)), priority: 9, scope: new(Users: [Guid.CreateVersion7()]));
        var policy = Evaluation.Of([tight, low, high, others], Ada)!;
        Assert.Equal((100, "high"), (policy.ClipboardIn.MaxBytes.Value, policy.ClipboardIn.MaxBytes.By!.Name));
        Assert.Equal((900, "low"), (policy.ClipboardOut.MaxBytes.Value, policy.ClipboardOut.MaxBytes.By!.Name));
    }

    [Fact]
    public void Limits_that_warn_stand_beside_limits_that_block()
    {
        var warns = Restrict("warns", new(new(MaxBytes: 100, PerMinute: 5, SizeAction: ContentAction.Warn, RateAction: ContentAction.Warn), KeysPerSecond: 10, KeysAction: ContentAction.Warn));
        var blocks = Restrict("blocks", new(new(MaxBytes: 1000), KeysPerSecond: 50));
        var policy = Evaluation.Of([warns, blocks], Ada)!;
        Assert.Equal((1000, 100), (policy.ClipboardIn.MaxBytes.Value, policy.ClipboardIn.WarnBytes!.Value));
        Assert.Equal((null, 5), (policy.ClipboardIn.PerMinute.Value, policy.ClipboardIn.WarnPerMinute!.Value));
        Assert.Equal((50, 10), (policy.KeysPerSecond.Value, policy.KeysWarnAt!.Value));
        Assert.False(Evaluation.Of([warns], Ada)!.ClipboardIn.IsFree);
        Assert.Equal(400, Evaluation.Of([warns, Except("ex", new(new(MaxBytes: 400)))], Ada)!.ClipboardIn.WarnBytes!.Value);
    }

    [Fact]
    public void A_launch_demands_what_any_restriction_demands_of_that_person_and_template_unless_an_exception_lifts_it()
    {
        var reason = Restrict("reason", new(RequireReason: true), new(Templates: ["firefox"]));
        var approval = Restrict("approval", new(RequireApproval: true), new(Users: [Ada.User.Value]));
        Policy[] all = [reason, approval];
        var launch = Evaluation.LaunchOf(all, TeamReach.Launcher(Ada.User, "firefox"));
        Assert.Equal((true, "reason", true, "approval"), (launch.RequireReason.Value, launch.RequireReason.By!.Name, launch.RequireApproval.Value, launch.RequireApproval.By!.Name));
        Assert.Equal(LaunchPolicy.Free with { RequireReason = new(true, reason.Ref) }, Evaluation.LaunchOf(all, TeamReach.Launcher(UserId.New(), "firefox")));
        Assert.Equal(LaunchPolicy.Free, Evaluation.LaunchOf(all, TeamReach.Launcher(UserId.New(), "terminal")));
        Assert.False(Evaluation.LaunchOf([Restrict("s", new(RequireReason: true), new(Sessions: [Ada.Session.Value]))], TeamReach.Launcher(Ada.User, "firefox")).RequireReason.Value);
        var lifted = Evaluation.LaunchOf([.. all, Except("ex", new(RequireApproval: false))], TeamReach.Launcher(Ada.User, "firefox"));
        Assert.Equal((false, "ex", true), (lifted.RequireApproval.Value, lifted.RequireApproval.By!.Name, lifted.RequireReason.Value));
    }

    private static Policy Restrict(string name, PolicyRules rules, PolicyScope? scope = null) => Policy.Create(name, scope ?? new(All: true), rules, DateTimeOffset.UnixEpoch);

    private static Policy Except(string name, PolicyRules rules, int priority = 0, PolicyScope? scope = null)
    {
        var policy = Policy.Create(name, scope ?? new(All: true), rules, DateTimeOffset.UnixEpoch, PolicyKind.Exception);
        policy.Priority = priority;
        return policy;
    }
}
