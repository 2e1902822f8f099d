using StreamSpace.Rfb.Ends;
using StreamSpace.Tests.Shared;

namespace StreamSpace.Rfb.Tests.Servers;

/// <summary>What a person does, with every server at hand: type and see it, copy and paste both ways, change the size.</summary>
public sealed class InteractionMatrixTests
{
    private static readonly int[] Encodings =
        [RfbEncoding.CopyRect, RfbEncoding.Tight, RfbEncoding.Zrle, RfbEncoding.Hextile, RfbEncoding.Raw, RfbEncoding.LastRect, RfbEncoding.DesktopSize, RfbEncoding.ExtendedDesktopSize, RfbEncoding.Fence];

    [RequiresFact("tigervnc")]
    public Task Typing_into_TigerVnc() => TypingAsync("tigervnc");

    [RequiresFact("x11vnc")]
    public Task Typing_into_X11Vnc() => TypingAsync("x11vnc");

    [RequiresFact("tightvnc")]
    public Task Typing_into_TightVnc() => TypingAsync("tightvnc");

    /// <summary>Control and Alt with 2 shows QEMU's monitor, where what is typed appears.</summary>
    [RequiresFact("qemu")]
    public async Task Typing_into_Qemu()
    {
        await using var server = await ServerProcess.StartAsync("qemu");
        await using var client = await ConnectAsync(server);
        await client.WaitForAsync(p => p.HasContent, EncodingMatrixTests.Soon(20));
        foreach (var (key, down) in new[] { (0xffe3u, true), (0xffe9u, true), ('2', true), ('2', false), (0xffe9u, false), (0xffe3u, false) })
            await client.KeyAsync(key, down, EncodingMatrixTests.Soon(5));
        var first = client.Picture.Pixels.ToArray();
        await client.WaitForAsync(p => !p.Pixels.SequenceEqual(first), EncodingMatrixTests.Soon(10));
        await TypeAsync(client, "info status");
    }

    [RequiresTheory("tigervnc")]
    [InlineData(false)]
    [InlineData(true)]
    public Task Clipboard_of_TigerVnc(bool extended) => ClipboardAsync("tigervnc", "clipboard", extended);

    /// <summary>x11vnc 0.9.16 refuses xclip its selections; cut buffers go both ways.</summary>
    [RequiresFact("x11vnc")]
    public Task Clipboard_of_X11Vnc() => ClipboardAsync("x11vnc", "buffer-cut", extended: false);

    /// <summary>TightVNC knows no selections, only the older cut buffers.</summary>
    [RequiresFact("tightvnc")]
    public Task Clipboard_of_TightVnc() => ClipboardAsync("tightvnc", "buffer-cut", extended: false);

    [RequiresFact("tigervnc")]
    public async Task TigerVnc_takes_another_size()
    {
        await using var server = await ServerProcess.StartAsync("tigervnc");
        await using var client = await ConnectAsync(server);
        await client.WaitForAsync(_ => client.Layout is not null, EncodingMatrixTests.Soon(10));
        await client.ResizeAsync(800, 500, EncodingMatrixTests.Soon(5));
        await client.WaitForAsync(p => (p.Width, p.Height) == (800, 500), EncodingMatrixTests.Soon(10));
        Assert.Equal((800, 500), (client.Layout!.Screens.Single().Width, client.Layout.Screens.Single().Height));
    }

    private static async Task<RfbClient> ConnectAsync(ServerProcess server, bool extended = false) =>
        await RfbClient.ConnectAsync(await server.DialAsync(), null, EncodingMatrixTests.Soon(20), new() { Encodings = Encodings, ExtendedClipboard = extended });

    private static async Task TypingAsync(string name)
    {
        await using var server = await ServerProcess.StartAsync(name);
        server.WaitForDisplay();
        server.Run("xterm", null, "-geometry", "200x80+0+0", "-fn", "fixed", "-bc", "-bcn", "1000000", "-e", "cat");
        await using var client = await ConnectAsync(server);
        await client.PointerAsync(200, 200, 0, EncodingMatrixTests.Soon(5));
        await client.WaitForAsync(p => p[300, 300] == 0xffffff && p[20, 20] == 0xffffff, EncodingMatrixTests.Soon(20));
        await TypeAsync(client, "hello");
    }

    /// <summary>Each key changes pixels.</summary>
    private static async Task TypeAsync(RfbClient client, string text)
    {
        foreach (var key in text)
        {
            var before = client.Picture.Pixels.ToArray();
            await client.KeyAsync(key, down: true, EncodingMatrixTests.Soon(5));
            await client.KeyAsync(key, down: false, EncodingMatrixTests.Soon(5));
            await client.WaitForAsync(p => !p.Pixels.SequenceEqual(before), EncodingMatrixTests.Soon(10));
        }
    }

    private static async Task ClipboardAsync(string name, string selection, bool extended)
    {
        var word = extended ? "größer 漢" : name == "tigervnc" ? "größer" : "larger"; // the others disagree about what is beyond ASCII
        await using var server = await ServerProcess.StartAsync(name);
        server.WaitForDisplay();
        await using var client = await ConnectAsync(server, extended);
        await client.WaitForAsync(_ => true, EncodingMatrixTests.Soon(10));
        using var over = new CancellationTokenSource(TimeSpan.FromSeconds(45));
        var reading = ReadAsync(client, over.Token);

        await client.CutTextAsync($"{word} in", over.Token);
        while (await PasteAsync(server, selection, name == "tigervnc", over.Token) != $"{word} in")
            await Task.Delay(50, over.Token);

        // Copied again and again: x11vnc passes nothing on in the first fifteen seconds of a viewer.
        for (var wait = 0; client.Clipboard != $"{word} out"; wait++)
        {
            if (wait % 50 == 0)
                server.Run("xclip", $"{word} out", "-quiet", "-i", "-selection", selection, "-loops", "0");
            await Task.Delay(20, over.Token);
        }
        await over.CancelAsync();
        await reading;
    }

    private static async Task ReadAsync(RfbClient client, CancellationToken ct)
    {
        try
        {
            while (true)
                await client.ReadAsync(ct);
        }
        catch (OperationCanceledException)
        {
            // The test has seen enough.
        }
    }

    private static async Task<string> PasteAsync(ServerProcess server, string selection, bool unicode, CancellationToken ct)
    {
        string[] target = unicode ? ["-target", "UTF8_STRING"] : [];
        var paste = server.Run("xclip", null, ["-o", "-selection", selection, .. target]);
        using var bytes = new MemoryStream();
        await paste.StandardOutput.BaseStream.CopyToAsync(bytes, ct);
        await paste.WaitForExitAsync(ct);
        var text = System.Text.Encoding.UTF8.GetString(bytes.ToArray());
        return text.Contains('\ufffd') ? System.Text.Encoding.Latin1.GetString(bytes.ToArray()) : text;
    }
}
