using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using StreamSpace.Contracts.Identity;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Rfb;
using StreamSpace.Rfb.Ends;
using StreamSpace.Rfb.Messages;
using StreamSpace.Rfb.Tests.Servers;
using StreamSpace.Sessions.Tests;
using StreamSpace.Tests.Shared;

namespace StreamSpace.Workspaces.Tests.Streaming;

[Collection(AloneCollection.Name)]
[Trait("Category", "Slow")]
public sealed class ProbeTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<ClientMessage> _heard = new();
    private StreamHost _host = null!;
    private LoginFacts _admin = null!;
    private SessionFacts _session = null!;

    public async Task InitializeAsync()
    {
        _host = await StreamHost.StartAsync();
        _admin = _host.House.Person("ada", "viewers.probe");
        _session = _host.House.Session(_admin);
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task A_probe_times_moves_by_both_ways_and_leaves_no_trace_of_use()
    {
        DrawPointer(TimeSpan.FromMilliseconds(60));
        await using var person = await _host.ViewAsync(_admin, _session);
        await person.Rfb.PointerAsync(40, 50, 0, StreamHost.Soon);
        await ProxyTests.Eventually(() => !_host.House.Inputs.IsEmpty);
        var inputs = _host.House.Inputs.Count;

        var (status, answer) = await ProbeAsync(new { samples = 4 });
        Assert.Equal(HttpStatusCode.OK, status);
        var (through, direct) = (answer.GetProperty("through"), answer.GetProperty("direct"));
        Assert.Equal((4, 4, 0), (through.GetProperty("values").GetArrayLength(), direct.GetProperty("values").GetArrayLength(), answer.GetProperty("lost").GetInt32()));
        foreach (var way in new[] { through, direct })
        {
            double[] ordered = [way.GetProperty("min").GetDouble(), way.GetProperty("p50").GetDouble(), way.GetProperty("p95").GetDouble(), way.GetProperty("max").GetDouble()];
            Assert.Equal(ordered.Order(), ordered);
            Assert.InRange(ordered[0], 55, 1500); // the display takes 60 ms to draw, and a probe that did not wait for it would be faster
        }
        Assert.InRange(answer.GetProperty("viewer_ms").GetDouble(), 0, 1000);

        Assert.All(_heard, m => Assert.Equal((0, true), (m.Buttons, m.Y == 50 && m.X is 40 or 42)));
        Assert.Equal(40, _heard.Last().X);
        Assert.Equal(inputs, _host.House.Inputs.Count);
        Assert.Empty(_host.House.Woken);
        Assert.Contains(_host.House.Audit, e => e.Action == "viewer.probed");
        await ProxyTests.Eventually(async () => (await Json(_host.As(_admin), $"/api/v1/sessions/{_session.Id}/viewers")).GetProperty("items").GetArrayLength() == 1);
    }

    [Fact]
    public async Task A_display_that_shows_no_pointer_gives_no_figures()
    {
        Assert.Equal((HttpStatusCode.Conflict, "PROBE_UNSEEN"), await RefusedAsync());
    }

    [Fact]
    public async Task A_picture_that_moves_under_the_pointer_gives_no_figures()
    {
        using var over = new CancellationTokenSource();
        var film = Task.Run(async () =>
        {
            for (var colour = 1; !over.IsCancellationRequested; colour++)
            {
                _host.Runtime.Display!.Draw(p => p.Fill(150, 90, 30, 30, colour));
                await Task.Delay(20);
            }
        });
        Assert.Equal((HttpStatusCode.Conflict, "PROBE_PICTURE_MOVES"), await RefusedAsync());
        await over.CancelAsync();
        await film;
    }

    [Theory]
    [InlineData(SessionPhase.Frozen)]
    [InlineData(SessionPhase.Hibernated)]
    [InlineData(SessionPhase.Starting)]
    [InlineData(SessionPhase.Failed)]
    public async Task A_session_that_does_not_run_is_left_asleep(SessionPhase phase)
    {
        _host.House.Sessions[_session.Id] = _session with { Phase = phase };
        Assert.Equal((HttpStatusCode.Conflict, "SESSION_NOT_RUNNING"), await RefusedAsync());
        Assert.Equal(0, _host.Runtime.Opened);
        Assert.Empty(_host.House.Woken);
    }

    [Fact]
    public async Task A_display_that_does_not_answer_is_told()
    {
        _host.Runtime.Display = null;
        var (status, code) = await RefusedAsync();
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "DISPLAY_UNREACHABLE"), (status, code));
    }

    [Fact]
    public async Task Who_may_not_measure_or_not_point_is_refused()
    {
        var somebody = _host.House.Person("bob");
        _host.House.Shares[(_session.Id, somebody.User)] = AccessLevel.Control;
        Assert.Equal(HttpStatusCode.Forbidden, (await ProbeAsync(null, somebody)).Status);
        var looks = _host.House.Person("eve", "viewers.probe");
        Assert.Equal(HttpStatusCode.NotFound, (await ProbeAsync(null, looks)).Status);
        _host.House.Shares[(_session.Id, looks.User)] = AccessLevel.View;
        Assert.Equal((HttpStatusCode.Forbidden, "LEVEL_NOT_ALLOWED"), await RefusedAsync(looks));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(51)]
    public async Task Samples_have_bounds(int samples)
    {
        var (status, answer) = await ProbeAsync(new { samples });
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("samples", answer.ToString(), StringComparison.Ordinal);
    }

    [RequiresFact("tigervnc")]
    public async Task TigerVnc_draws_the_pointer_for_the_probe()
    {
        await using var display = await ServerProcess.StartAsync("tigervnc");
        display.WaitForDisplay();
        // A bare X server shows no pointer at all; a window's is drawn.
        display.Run("xterm", null, "-geometry", "200x60+0+0");
        _host.Runtime.SocketPath = display.SocketPath;
        await using (var viewer = await _host.ViewAsync(_admin, _session))
            await viewer.Rfb.WaitForAsync(p => p.HasContent, StreamHost.Soon);
        await Task.Delay(1000);
        var (status, answer) = await ProbeAsync(new { samples = 10 });
        Assert.True(status == HttpStatusCode.OK, answer.ToString());
        Assert.InRange(answer.GetProperty("through").GetProperty("values").GetArrayLength(), 8, 10);
        Assert.InRange(answer.GetProperty("through").GetProperty("p50").GetDouble(), 0.1, 500);
        Assert.InRange(answer.GetProperty("display_ms").GetDouble(), 0, 500);
    }

    /// <summary>The display shows the pointer as a white square, as late as told.</summary>
    private void DrawPointer(TimeSpan after)
    {
        var (oldX, oldY) = (0, 0);
        _host.Runtime.Display!.Received = (message, bytes) =>
        {
            if (message.Type != ClientMessageType.PointerEvent)
                return;
            _heard.Enqueue(message);
            _ = DrawAsync(message.X, message.Y);
        };

        async Task DrawAsync(int x, int y)
        {
            await Task.Delay(after);
            _host.Runtime.Display!.Draw(p =>
            {
                p.Fill(oldX, oldY, 8, 8, 0);
                (oldX, oldY) = (x, y);
                p.Fill(x, y, 8, 8, 0xffffff);
            });
        }
    }

    private async Task<(HttpStatusCode Status, JsonElement Answer)> ProbeAsync(object? body, LoginFacts? by = null)
    {
        using var client = _host.As(by ?? _admin);
        using var answer = await client.PostAsJsonAsync($"/api/v1/sessions/{_session.Id}/probe", body ?? new { });
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    private async Task<(HttpStatusCode Status, string Code)> RefusedAsync(LoginFacts? by = null)
    {
        var (status, answer) = await ProbeAsync(null, by);
        return (status, answer.GetProperty("error").GetProperty("code").GetString()!);
    }

    private static Task<JsonElement> Json(HttpClient client, string path) => client.GetFromJsonAsync<JsonElement>(path);
}
