using StreamSpace.Contracts;
using StreamSpace.Contracts.Dlp;
using StreamSpace.Dlp;

namespace StreamSpace.Trust.Tests.Dlp;

public sealed class EvaluationTests
{
    private static readonly PolicySubject Ada = new(UserId.New(), [Guid.CreateVersion7()], "firefox", SessionId.New());

    [Fact]
    public void Where_nothing_applies_there_is_no_policy()
    {
        Assert.Null(Evaluation.Of([], Ada));
        var off = Make("off", new(All: true), new(Audio: false));
        off.Enabled = false;
        Assert.Null(Evaluation.Of([off, Make("others", new(Users: [Guid.CreateVersion7()], Templates: ["xterm"], Sessions: [Guid.CreateVersion7()], Teams: [Guid.CreateVersion7()]), new(Audio: false))], Ada));
    }

    [Fact]
    public void A_policy_is_about_whom_it_names_in_any_of_its_lists()
    {
        PolicyScope[] scopes = [new(All: true), new(Users: [Ada.User.Value]), new(Teams: [Ada.Teams[0]]), new(Templates: ["firefox"]), new(Sessions: [Ada.Session.Value], Users: [Guid.CreateVersion7()])];
        foreach (var scope in scopes)
            Assert.NotNull(Evaluation.Of([Make("p", scope, new())], Ada));
    }

    [Fact]
    public void Of_each_field_the_most_restrictive_counts_whatever_its_priority_and_names_its_policy()
    {
        var wide = Make("wide", new(All: true), new(
            new(Allowed: true, MaxBytes: 1000, PerMinute: 5, Audit: ClipboardAudit.Content), new(Allowed: false), KeysPerSecond: 50, Audio: true,
            Upload: new(MaxBytes: 10, Scan: true, DenyTypes: ["a/b"])), priority: 100);
        var tight = Make("tight", new(All: true), new(
            new(Allowed: false, MaxBytes: 10, PerMinute: 60, Audit: ClipboardAudit.Metadata), new(Allowed: true), KeysPerSecond: 5, Audio: false,
            Upload: new(MaxBytes: 9, Scan: false, DenyTypes: ["c/d"])), priority: -5);
        foreach (var order in new[] { new[] { wide, tight }, [tight, wide] })
        {
            var policy = Evaluation.Of(order, Ada)!;
            Assert.Equal((false, "tight"), (policy.ClipboardIn.Allowed.Value, policy.ClipboardIn.Allowed.By!.Name));
            Assert.Equal((10, "tight"), (policy.ClipboardIn.MaxBytes.Value, policy.ClipboardIn.MaxBytes.By!.Name));
            Assert.Equal((5, "wide"), (policy.ClipboardIn.PerMinute.Value, policy.ClipboardIn.PerMinute.By!.Name));
            Assert.Equal((ClipboardAudit.Content, "wide"), (policy.ClipboardIn.Audit.Value, policy.ClipboardIn.Audit.By!.Name));
            Assert.Equal((false, "wide"), (policy.ClipboardOut.Allowed.Value, policy.ClipboardOut.Allowed.By!.Name));
            Assert.Equal((5, "tight"), (policy.KeysPerSecond.Value, policy.KeysPerSecond.By!.Name));
            Assert.Equal((false, "tight"), (policy.Audio.Value, policy.Audio.By!.Name));
            Assert.Equal((9L, "tight"), (policy.Upload.MaxBytes.Value, policy.Upload.MaxBytes.By!.Name));
            Assert.Equal((true, "wide"), (policy.Upload.Scan.Value, policy.Upload.Scan.By!.Name));
            Assert.Equal(["a/b", "c/d"], policy.Upload.DenyTypes.Select(t => t.Value));
            Assert.Equal((true, null), (policy.Printing.Value, policy.Printing.By));
        }
    }

    [Fact]
    public void Where_values_have_no_order_the_highest_priority_counts()
    {
        var low = Make("low", new(All: true), new(new(MimeTypes: ["text/plain"]), VisibleRegion: new(0, 0, 10, 10), Watermark: new("low")), priority: 1);
        var high = Make("high", new(All: true), new(new(MimeTypes: ["text/html"]), Watermark: new("high", null, 0.5, "top", true, 5)), priority: 2);
        var policy = Evaluation.Of([low, high], Ada)!;
        Assert.Equal((new Watermark("high", null, 0.5, "top", true, 5), "high"), (policy.Watermark.Value, policy.Watermark.By!.Name));
        Assert.Equal(["text/html"], policy.ClipboardIn.MimeTypes.Value!);
        Assert.Equal((new VisibleRegion(0, 0, 10, 10), "low"), (policy.VisibleRegion.Value, policy.VisibleRegion.By!.Name));
    }

    [Fact]
    public void A_watermark_is_taken_whole_from_one_policy_and_what_it_leaves_out_has_defaults()
    {
        var logo = Make("logo", new(All: true), new(Watermark: new(Image: "data:image/png;base64,AA==", Opacity: 0.9, Tile: true)), priority: 1);
        var text = Make("text", new(All: true), new(Watermark: new("{user}")), priority: 2);
        Assert.Equal(new Watermark("{user}", null, 0.3, "center", false, 60), Evaluation.Of([logo, text, Make("none", new(All: true), new(Audio: false), priority: 9)], Ada)!.Watermark.Value);
        text.Enabled = false;
        Assert.Equal((new Watermark(null, "data:image/png;base64,AA==", 0.9, "center", true, 60), "logo"), (Evaluation.Of([logo, text], Ada)!.Watermark.Value, Evaluation.Of([logo, text], Ada)!.Watermark.By!.Name));
    }

    [Fact]
    public void Among_equals_the_higher_priority_is_named_and_then_the_older_policy()
    {
        var older = Make("older", new(All: true), new(Audio: false));
        var newer = Make("newer", new(All: true), new(Audio: false), age: 1);
        var first = Make("first", new(All: true), new(Audio: false), priority: 1);
        Assert.Equal("first", Evaluation.Of([older, newer, first], Ada)!.Audio.By!.Name);
        Assert.Equal("older", Evaluation.Of([newer, older], Ada)!.Audio.By!.Name);
    }

    [Fact]
    public void Filters_of_all_policies_are_looked_for()
    {
        var one = Make("one", new(All: true), new(new(Filters: [new(ContentDetector.Iban)])));
        var two = Make("two", new(All: true), new(new(Filters: [new(Pattern: "x", Name: "ex", Action: ContentAction.Warn)])), priority: 5);
        var rules = Evaluation.Of([one, two], Ada)!.ClipboardIn.Content;
        Assert.Equal([("ex", ContentAction.Warn, "two"), ("iban", ContentAction.Block, "one")], rules.Select(r => (r.Name, r.Action, r.By.Name)));
    }

    [Fact]
    public void Rules_that_restrict_nothing_are_free()
    {
        Assert.True(Evaluation.Of([Make("p", new(All: true), new(new(Allowed: true), Audio: false))], Ada)!.ClipboardIn.IsFree);
        Assert.False(Evaluation.Of([Make("p", new(All: true), new(new(Audit: ClipboardAudit.Metadata)))], Ada)!.ClipboardIn.IsFree);
    }

    private static Policy Make(string name, PolicyScope scope, PolicyRules rules, int priority = 0, int age = 0)
    {
        var policy = Policy.Create(name, scope, rules, DateTimeOffset.UnixEpoch.AddDays(age));
        policy.Priority = priority;
        return policy;
    }
}
