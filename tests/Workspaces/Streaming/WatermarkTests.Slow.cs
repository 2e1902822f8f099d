using System.Diagnostics;
using System.Text.Json;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Dlp;
using StreamSpace.Contracts.Identity;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;
using StreamSpace.Rfb.Ends;

namespace StreamSpace.Workspaces.Tests.Streaming;

/// <summary>How the watermark comes to a viewer, and what happens to a viewer that does not keep it.</summary>
[Trait("Category", "Slow")]
public sealed class WatermarkTests : IAsyncLifetime
{
    private static readonly PolicyRef By = new(DlpPolicyId.New(), "Marked", DlpSeverity.Low);
    private StreamHost _host = null!;
    private LoginFacts _ada = null!;
    private SessionFacts _session = null!;

    public async Task InitializeAsync()
    {
        _host = await StreamHost.StartAsync(settings: new() { ["Streaming:WatermarkAskEvery"] = "00:00:01", ["Streaming:WatermarkPatience"] = "00:00:02" });
        _ada = _host.House.Person("ada");
        _session = _host.House.Session(_ada);
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task A_viewer_is_told_the_watermark_before_the_first_picture_and_a_viewer_that_confirms_stays()
    {
        Set("{user} {email} {ip} {session} {time}");
        await using var noted = await OpenAsync();
        // Nothing of RFB but the handshake was read so far: the note was sent before ServerInit.
        var watermark = (await noted.NoteAsync("watermark")).GetProperty("watermark");
        Assert.Matches(@"^ada ada@example\.org (127\.0\.0\.1|::1|::ffff:127\.0\.0\.1) desk \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$", watermark.GetProperty("text").GetString());
        Assert.Equal((0.3, "center", false, JsonValueKind.Null), (
            watermark.GetProperty("opacity").GetDouble(), watermark.GetProperty("position").GetString(), watermark.GetProperty("tile").GetBoolean(), watermark.GetProperty("image").ValueKind));
        for (var i = 0; i < 4; i++)
            await noted.NoteAsync("watermark.check");
        Assert.False(noted.Closed.IsCompleted);
        Assert.Empty(_host.House.Incidents);
    }

    [Fact]
    public async Task A_viewer_that_owes_the_answer_is_stopped_and_that_is_a_grave_violation()
    {
        Set("{user}");
        await using var noted = await OpenAsync();
        await noted.NoteAsync("watermark.check");
        noted.Confirms = false;
        var (code, sentence) = await noted.Closed.WaitAsync(StreamHost.Soon);
        Assert.Equal((4406, "The viewer did not confirm that the watermark stands."), (code, sentence));
        Told(IncidentReason.Unconfirmed, null);
    }

    [Theory]
    [InlineData("hidden", "hidden")]
    [InlineData("<script>", "changed")]
    public async Task A_viewer_that_tells_of_tampering_is_stopped_at_once(string how, string finding)
    {
        Set("{user}");
        await using var noted = await OpenAsync();
        await noted.NoteAsync("watermark.check");
        var watch = Stopwatch.StartNew();
        await noted.SayAsync(JsonSerializer.Serialize(new { type = "watermark.tampered", how }));
        Assert.Equal(4406, (await noted.Closed.WaitAsync(StreamHost.Soon)).Code);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Told(IncidentReason.Tampered, finding);
    }

    [Fact]
    public async Task An_old_or_made_up_answer_confirms_nothing()
    {
        Set("{user}");
        await using var noted = await OpenAsync(confirms: false);
        var first = (await noted.NoteAsync("watermark.check")).GetProperty("nonce").GetString();
        await noted.SayAsync($$"""{"type":"watermark.stands","nonce":"{{first}}"}""");
        var second = (await noted.NoteAsync("watermark.check")).GetProperty("nonce").GetString();
        Assert.NotEqual(first, second);
        await noted.SayAsync($$"""{"type":"watermark.stands","nonce":"{{first}}"}""");
        await noted.SayAsync("""{"type":"watermark.stands","nonce":"00"}""");
        Assert.Equal(4406, (await noted.Closed.WaitAsync(StreamHost.Soon)).Code);
        Told(IncidentReason.Unconfirmed, null);
    }

    [Fact]
    public async Task A_policy_that_changes_changes_the_watermark_of_open_viewers_within_a_second()
    {
        await using var noted = await OpenAsync();
        var watch = Stopwatch.StartNew();
        await ChangeAsync("first {user}");
        Assert.Equal("first ada", Text(await noted.NoteAsync("watermark")));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        await ChangeAsync("second");
        Assert.Equal("second", Text(await noted.NoteAsync("watermark")));
        await noted.NoteAsync("watermark.check");
        await ChangeAsync(null);
        Assert.Equal(JsonValueKind.Null, (await noted.NoteAsync("watermark")).GetProperty("watermark").ValueKind);
        noted.Confirms = false; // and nothing is asked any more
        await Task.Delay(4000);
        Assert.False(noted.Closed.IsCompleted);
        Assert.Empty(_host.House.Incidents);
    }

    [Fact]
    public async Task Time_is_filled_in_anew_and_the_rest_is_not_sent_again()
    {
        Set("at {time}", refresh: 1);
        await using var noted = await OpenAsync();
        var first = Text(await noted.NoteAsync("watermark"));
        var later = (await noted.NoteAsync("watermark.text")).GetProperty("text").GetString();
        Assert.StartsWith("at 20", later, StringComparison.Ordinal);
        Assert.NotEqual(first, later);
    }

    [Fact]
    public async Task A_name_with_braces_is_only_a_name()
    {
        var odd = _host.House.Person("{ip}{email}");
        _host.House.Shares[(_session.Id, odd.User)] = AccessLevel.View;
        Set("{user}");
        await using var noted = await OpenAsync(odd);
        Assert.Equal("{ip}{email}", Text(await noted.NoteAsync("watermark")));
    }

    [Fact]
    public async Task A_viewer_that_draws_none_sees_nothing()
    {
        Set("{user}");
        var (url, _) = await _host.TicketAsync(_ada, _session);
        using var socket = await _host.SocketAsync(url);
        await using var plain = new NotedStream(socket);
        await Assert.ThrowsAnyAsync<Exception>(() => RfbClient.ConnectAsync(plain, null, StreamHost.Soon));
        Assert.Equal(4406, (await plain.Closed.WaitAsync(StreamHost.Soon)).Code);
        Told(IncidentReason.Unconfirmed, null);
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"type":"watermark.stands"}""")]
    [InlineData("""{"type":"watermark.tampered","how":7}""")]
    [InlineData("""{"type":"make me admin"}""")]
    public async Task A_note_that_cannot_be_read_ends_the_viewer(string note)
    {
        await using var noted = await OpenAsync();
        await noted.SayAsync(note);
        Assert.Equal(1002, (await noted.Closed.WaitAsync(StreamHost.Soon)).Code);
    }

    [Fact]
    public async Task A_note_that_is_too_long_or_was_not_agreed_on_ends_the_viewer()
    {
        await using var noted = await OpenAsync();
        await noted.SayAsync(new string(' ', 513));
        Assert.Equal(1002, (await noted.Closed.WaitAsync(StreamHost.Soon)).Code);
        var (url, _) = await _host.TicketAsync(_ada, _session);
        using var socket = await _host.SocketAsync(url);
        await using var plain = new NotedStream(socket);
        await plain.SayAsync("""{"type":"watermark.stands","nonce":"00"}""");
        Assert.Equal(1002, (await plain.Closed.WaitAsync(StreamHost.Soon)).Code);
    }

    private static string? Text(JsonElement note) => note.GetProperty("watermark").GetProperty("text").GetString();

    private void Set(string? text, int refresh = 60) => _host.House.Policy = text is null
        ? null
        : StreamPolicy.Free with { Watermark = new(new Watermark(text, null, 0.3, "center", Tile: false, refresh), By) };

    private async Task ChangeAsync(string? text)
    {
        Set(text);
        await _host.Get<IEventLog>().AppendAsync([new DlpPoliciesChanged(By.Id, By.Name, "updated")], StreamHost.Soon);
    }

    private async Task<NotedStream> OpenAsync(LoginFacts? who = null, bool confirms = true)
    {
        var (url, _) = await _host.TicketAsync(who ?? _ada, _session);
        var noted = new NotedStream(await _host.SocketAsync(url, protocol: "streamspace.v1")) { Confirms = confirms };
        await RfbClient.ConnectAsync(noted, null, StreamHost.Soon);
        return noted;
    }

    private void Told(IncidentReason reason, string? finding)
    {
        var incident = Assert.Single(_host.House.Incidents);
        Assert.Equal(
            (IncidentOutcome.Blocked, DlpChannel.Watermark, reason, finding, DlpSeverity.High, "Marked", "ada"),
            (incident.Outcome, incident.Channel, incident.Reason, incident.Finding, incident.Policy.Severity, incident.Policy.Name, incident.Username));
    }
}
