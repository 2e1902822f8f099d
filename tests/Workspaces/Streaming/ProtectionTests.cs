using System.Diagnostics;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Dlp;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Rfb.Clipboard;
using StreamSpace.Streaming.Protection;
using StreamSpace.Streaming.Relay;

namespace StreamSpace.Workspaces.Tests.Streaming;

public sealed class ProtectionTests
{
    private static readonly PolicyRef By = new(DlpPolicyId.New(), "test", DlpSeverity.Low);
    private readonly FakeHouse _house = new();

    [Fact]
    public void Where_nothing_is_restricted_there_is_nothing_on_the_streams_way()
    {
        var guard = new StreamGuard(Somebody(), _house, TimeProvider.System);
        Assert.Null(guard.GateFor(DlpChannel.ClipboardIn));
        guard.Policy = StreamPolicy.Free with { Audio = new(false, By) };
        Assert.Null(guard.GateFor(DlpChannel.ClipboardIn));
        Assert.Null(guard.GateFor(DlpChannel.ClipboardOut));
        Assert.Null(guard.AreaOf(640, 480));
        Assert.True(guard.MayPress());
        guard.Policy = StreamPolicy.Free with { ClipboardOut = ClipboardRules.Free with { MaxBytes = new(1, By) } };
        Assert.Null(guard.GateFor(DlpChannel.ClipboardIn));
        Assert.NotNull(guard.GateFor(DlpChannel.ClipboardOut));
    }

    [Fact]
    public void A_storm_of_incidents_is_told_in_a_few_reports_that_count_all_of_them()
    {
        var book = new IncidentBook(Somebody(), _house, TimeProvider.System);
        for (var i = 0; i < 1000; i++)
            book.Add(new(IncidentOutcome.Blocked, DlpChannel.ClipboardIn, IncidentReason.Size, By));
        Assert.InRange(_house.Incidents.Count, 20, 40);
        book.Flush();
        Assert.Equal(1000, _house.Incidents.Sum(i => i.Times));
        book.Flush();
        Assert.Equal(1000, _house.Incidents.Sum(i => i.Times));
    }

    [Theory]
    [InlineData("<b>41</b>11", "4111")]
    [InlineData("a < b", "a < b")]
    [InlineData("<<>x", "x")]
    [InlineData("", "")]
    public void Html_is_read_without_its_tags(string html, string text) => Assert.Equal(text, ClipboardTexts.WithoutTags(html));

    [Fact]
    public void What_is_seen_and_what_is_written_are_both_looked_at_and_neither_takes_long()
    {
        Assert.Contains("4111 1111", Of(ClipboardFormats.Html, "<i>41</i>11&#32;11<u>11</u>"), StringComparison.Ordinal);
        Assert.Contains("alt=\"4111 1111\"", Of(ClipboardFormats.Html, "<img alt=\"4111 1111\">"), StringComparison.Ordinal);
        Assert.Contains("4111 1111", Of(ClipboardFormats.Rtf, @"{\rtf1 41\b 11\b0  1111}"), StringComparison.Ordinal);
        var watch = Stopwatch.StartNew();
        Of(ClipboardFormats.Html, new string('<', 2_000_000));
        Of(ClipboardFormats.Rtf, new string('\\', 2_000_000));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(3), $"took {watch.Elapsed}");
    }

    private static string Of(ClipboardFormats format, string content)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(content);
        return ClipboardTexts.Of(new(CutTextKind.Provide, format, 16, [new(format, (uint)bytes.Length, bytes)], default));
    }

    private Viewer Somebody()
    {
        var person = _house.Person("ada");
        return new(ViewerId.New(), SessionId.New(), person.User, person, AccessLevel.Control, "", DateTimeOffset.UnixEpoch);
    }
}
