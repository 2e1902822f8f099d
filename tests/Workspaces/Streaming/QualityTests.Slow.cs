using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using StreamSpace.Contracts.Identity;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Rfb;
using StreamSpace.Rfb.Ends;
using StreamSpace.Rfb.Messages;
using StreamSpace.Rfb.Pictures;
using StreamSpace.Sessions.Tests;

namespace StreamSpace.Workspaces.Tests.Streaming;

/// <summary>Viewers on lines that carry little, in front of a display whose frames are as large as the quality it is asked for.</summary>
[Collection(AloneCollection.Name)]
[Trait("Category", "Slow")]
public sealed class QualityTests : IAsyncLifetime
{
    private const int Slow = 200_000;
    private static readonly byte[] Jpeg = TurboJpeg.Encode(new Picture(320, 200), 50);
    private readonly ConcurrentQueue<int[]> _asked = new();
    private StreamHost _host = null!;
    private readonly ConcurrentDictionary<Action<byte[]>, int> _qualities = new();
    private volatile bool _moves = true;
    private int _wholes;

    /// <summary>What the display was asked for by its only viewer.</summary>
    private int Quality => _qualities.Values.SingleOrDefault(-1);

    public async Task InitializeAsync()
    {
        _host = await StreamHost.StartAsync();
        Stage();
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task On_a_slow_line_the_quality_falls_and_once_it_carries_more_it_rises_again()
    {
        using var line = new SlowLine(_host.Address) { BytesPerSecond = Slow };
        var (owner, session, viewer) = await LookAsync(line);
        await using var _ = viewer;
        using var watching = new Watching(viewer.Rfb);
        await Eventually(() => Quality is > 0 and <= 2, 15);
        Assert.All(_asked, encodings => Assert.Equal(Shape(_asked.First()), Shape(encodings))); // as many, and in the viewer's order
        var figures = await FiguresAsync(owner, session);
        Assert.Equal((true, 8), (figures.GetProperty("quality").GetProperty("automatic").GetBoolean(), figures.GetProperty("quality").GetProperty("best").GetInt32()));
        Assert.InRange(figures.GetProperty("quality").GetProperty("level").GetInt32(), 1, 2);
        Assert.InRange(figures.GetProperty("frames_per_second").GetDouble(), 0.5, 60);

        line.BytesPerSecond = 0;
        await Eventually(() => Quality >= 6, 30);
    }

    [Fact]
    public async Task A_picture_that_was_sent_worse_than_wanted_is_asked_for_once_at_its_best_when_it_stands_still()
    {
        using var line = new SlowLine(_host.Address) { BytesPerSecond = Slow };
        var (_, _, viewer) = await LookAsync(line);
        await using var _ = viewer;
        using var watching = new Watching(viewer.Rfb);
        await Eventually(() => Quality is > 0 and <= 4, 15);
        await Task.Delay(2500); // some pictures are sent like that
        Assert.Equal(0, _wholes);
        _moves = false;
        await Eventually(() => _wholes == 1, 10);
        Assert.Equal(8, Quality);
        await Eventually(() => Quality is > 0 and < 8, 5); // the line is still what it was
        await Task.Delay(3000);
        Assert.Equal(1, _wholes);
    }

    [Fact]
    public async Task Who_keeps_a_quality_gets_it_on_any_line_and_gets_it_back_when_it_says_so_later()
    {
        using var line = new SlowLine(_host.Address) { BytesPerSecond = Slow };
        var (owner, session, viewer) = await LookAsync(line, "fixed");
        await using var _ = viewer;
        using var watching = new Watching(viewer.Rfb);
        await Task.Delay(5000);
        Assert.Equal(8, Quality);
        Assert.Single(_asked);
        Assert.False((await FiguresAsync(owner, session)).GetProperty("quality").GetProperty("automatic").GetBoolean());

        await SayAsync(viewer.Socket, "auto");
        await Eventually(() => Quality is > 0 and <= 4, 15);
        await SayAsync(viewer.Socket, "fixed");
        await Eventually(() => Quality == 8, 5);
    }

    [Fact]
    public async Task A_viewer_that_names_no_quality_is_sent_none()
    {
        using var line = new SlowLine(_host.Address) { BytesPerSecond = Slow };
        var (_, _, viewer) = await LookAsync(line, quality: null);
        await using var _ = viewer;
        using var watching = new Watching(viewer.Rfb);
        await Task.Delay(4000);
        Assert.Single(_asked);
    }

    [Fact]
    public async Task One_slow_viewer_changes_neither_the_quality_nor_the_speed_of_another()
    {
        using var line = new SlowLine(_host.Address) { BytesPerSecond = 20_000 };
        using var free = new SlowLine(_host.Address);
        var (owner, session, slow) = await LookAsync(line);
        await using var _ = slow;
        using var dragging = new Watching(slow.Rfb);
        await Eventually(() => Quality is > 0 and <= 2, 20);

        _asked.Clear();
        await using var quick = await ViewAsync(owner, session, free, 8);
        var watch = Stopwatch.StartNew();
        using var watching = new Watching(quick.Rfb);
        await Task.Delay(4000);
        Assert.True(watching.Updates / watch.Elapsed.TotalSeconds > 10, $"{watching.Updates} updates in {watch.Elapsed}");
        var list = await _host.As(owner).GetFromJsonAsync<JsonElement>($"/api/v1/sessions/{session.Id}/viewers");
        var levels = list.GetProperty("items").EnumerateArray().ToDictionary(i => i.GetProperty("id").GetGuid(), i => i.GetProperty("quality").GetProperty("level").GetInt32());
        Assert.InRange(levels[quick.Id.Value], 6, 8); // a busy machine may cost a step
        Assert.InRange(levels[slow.Id.Value], 1, 2);
    }

    [Fact]
    public async Task What_a_slow_line_does_not_carry_waits_with_the_display_and_not_in_the_kernel()
    {
        using var line = new SlowLine(_host.Address) { BytesPerSecond = Slow };
        var (owner, session, viewer) = await LookAsync(line);
        await using var _ = viewer;
        using var watching = new Watching(viewer.Rfb);
        var text = new byte[8 + 60_000];
        text[0] = ServerMessageType.ServerCutText;
        BinaryPrimitives.WriteInt32BigEndian(text.AsSpan(4), 60_000);
        for (var i = 0; i < 100; i++)
            _host.Runtime.Display!.Send(text);
        await Task.Delay(2000);
        // The kernel alone would take 2.5 MB and more here, which this line needs half a minute for.
        Assert.InRange((await FiguresAsync(owner, session)).GetProperty("bytes_out").GetInt64(), 1, 1_200_000);
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("{\"type\":\"quality\",\"quality\":\"best\"}")]
    [InlineData("{\"type\":\"quality\",\"quality\":\"auto\"} ")]
    [InlineData("{\"type\":\"quality\",\"quality\":\"auto\"}{}")]
    public async Task A_note_that_nobody_knows_ends_the_viewer(string text)
    {
        var owner = _host.House.Person("ada");
        await using var viewer = await _host.ViewAsync(owner, _host.House.Session(owner), protocol: "streamspace.v1");
        await viewer.Socket.SendAsync(System.Text.Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, StreamHost.Soon);
        if (text.EndsWith("} ", StringComparison.Ordinal))
            await viewer.Rfb.WaitForAsync(_ => true, StreamHost.Soon); // white space is no harm
        else
            Assert.Equal(1002, (await viewer.ClosedAsync()).Code);
    }

    private static Task SayAsync(ClientWebSocket socket, string quality) =>
        socket.SendAsync(System.Text.Encoding.UTF8.GetBytes($"{{\"type\":\"quality\",\"quality\":\"{quality}\"}}"), WebSocketMessageType.Text, true, StreamHost.Soon);

    /// <summary>The list with its levels struck out.</summary>
    private static string Shape(int[] encodings) => string.Join(' ', encodings.Select(e => RfbEncoding.IsQuality(e) ? "q" : RfbEncoding.IsCompression(e) ? "c" : $"{e}"));

    private static async Task Eventually(Func<bool> condition, int seconds)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed.TotalSeconds < seconds; await Task.Delay(25))
        {
            if (condition())
                return;
        }
        Assert.Fail($"It did not happen within {seconds} s.");
    }

    /// <summary>Every viewer's request is answered with a JPEG that fills the picture; the bytes behind its end are what makes it as large as its quality.</summary>
    private void Stage()
    {
        var display = _host.Runtime.Display = new RfbServer(320, 200);
        display.ReceivedFrom = (message, bytes, answer) =>
        {
            if (message.Type == ClientMessageType.SetEncodings)
            {
                var encodings = new int[message.Count];
                for (var i = 0; i < encodings.Length; i++)
                    encodings[i] = BinaryPrimitives.ReadInt32BigEndian(bytes.Span[(4 + (4 * i))..]);
                _asked.Enqueue(encodings);
                _qualities[answer] = encodings.FirstOrDefault(e => e is >= -32 and <= -23, -33) + 32;
            }
            if (message.Type != ClientMessageType.FramebufferUpdateRequest)
                return;
            if (!message.Flag)
                Interlocked.Increment(ref _wholes);
            if (message.Flag && _moves)
                answer(Frame(Math.Max(0, _qualities[answer])));
        };
    }

    private static byte[] Frame(int quality)
    {
        var length = Math.Max(Jpeg.Length, (quality + 1) * 13_000);
        var frame = new byte[4 + 12 + 1 + 3 + length];
        frame[3] = 1;
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(8), 320);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(10), 200);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(12), RfbEncoding.Tight);
        frame[16] = 0x90;
        (frame[17], frame[18], frame[19]) = ((byte)(0x80 | (length & 0x7f)), (byte)(0x80 | ((length >> 7) & 0x7f)), (byte)(length >> 14));
        Jpeg.CopyTo(frame, 20);
        return frame;
    }

    private async Task<(LoginFacts Owner, SessionFacts Session, TestViewer Viewer)> LookAsync(SlowLine line, string? word = null, int? quality = 8)
    {
        var owner = _host.House.Person("ada");
        var session = _host.House.Session(owner);
        return (owner, session, await ViewAsync(owner, session, line, quality, word));
    }

    private async Task<TestViewer> ViewAsync(LoginFacts owner, SessionFacts session, SlowLine line, int? quality, string? word = null)
    {
        var (url, id) = await _host.TicketAsync(owner, session);
        var socket = await _host.SocketAsync(url, by: line.Address, protocol: "streamspace.v1");
        if (word is not null)
            await SayAsync(socket, word);
        var options = new RfbClientOptions { Quality = quality, Compression = quality is null ? null : 2 };
        return new(id, socket, await RfbClient.ConnectAsync(WebSocketStream.Create(socket, WebSocketMessageType.Binary, ownsWebSocket: false), null, StreamHost.Soon, options));
    }

    private async Task<JsonElement> FiguresAsync(LoginFacts owner, SessionFacts session) =>
        (await _host.As(owner).GetFromJsonAsync<JsonElement>($"/api/v1/sessions/{session.Id}/viewers")).GetProperty("items")[0];

    /// <summary>Asks for what changed, takes it, asks again; at most 50 times a second.</summary>
    private sealed class Watching : IDisposable
    {
        private readonly CancellationTokenSource _over = new();

        public Watching(RfbClient viewer) => _ = WatchAsync(viewer);

        public int Updates { get; private set; }

        public void Dispose() => _over.Cancel();

        private async Task WatchAsync(RfbClient viewer)
        {
            try
            {
                await viewer.RequestAsync(incremental: true, _over.Token);
                while (true)
                {
                    if (await viewer.ReadAsync(_over.Token) != ServerMessageType.FramebufferUpdate)
                        continue;
                    Updates++;
                    await Task.Delay(20, _over.Token);
                    await viewer.RequestAsync(incremental: true, _over.Token);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or RfbException or IOException or ObjectDisposedException or WebSocketException)
            {
                // The test is over.
            }
        }
    }
}
