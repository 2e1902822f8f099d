using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using StreamSpace.Rfb;
using StreamSpace.Rfb.Clipboard;
using StreamSpace.Rfb.Handshakes;

namespace StreamSpace.Bench.Proxy;

/// <summary>
/// A display that does no work of its own. A full update request with width w is answered with w MiB in Raw rectangles; an incremental one with
/// one update that carries the moment it was sent: of 64 bytes when w is 1, else of w KiB of pixels. Where a full request has a height above 1, the
/// clipboard's text is told as well, once in that many MiB; with <see cref="CardWanted"/> a text with a card number comes before the picture.
/// </summary>
internal sealed class ProxySource : IDisposable
{
    public const int SmallBytes = 64;
    private const int Width = 512;
    private const int Height = 512;
    private static readonly byte[] Frame = Update(Width, Height);

    /// <summary>The height that asks for the text with a card number.</summary>
    public const ushort CardWanted = ushort.MaxValue;

    /// <summary>A text as people copy it, with nothing in it that a policy looks for: 4 KiB of lines with words and numbers.</summary>
    public static readonly byte[] TextToSession = CutTextWriter.Classic(ClientMessageType.ClientCutText, Harmless());

    /// <summary>The same with a card number at its end.</summary>
    public static readonly byte[] CardToSession = CutTextWriter.Classic(ClientMessageType.ClientCutText, Harmless() + Card);

    private const string Card = "\n4111 1111 1111 1111\n";
    private static readonly byte[] TextFromSession = CutTextWriter.Classic(ServerMessageType.ServerCutText, Harmless());
    private static readonly byte[] CardFromSession = CutTextWriter.Classic(ServerMessageType.ServerCutText, Harmless() + Card);
    private long _texts;
    private long _cards;
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public ProxySource()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(2000);
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Texts that viewers gave to the session so far, card numbers included.</summary>
    public long Texts => Interlocked.Read(ref _texts);

    /// <summary>Those of them with a card number.</summary>
    public long Cards => Interlocked.Read(ref _cards);

    /// <summary>Bytes of an answer to a request of so many MiB, with a text once in so many of them.</summary>
    public static long BytesFor(int mebibytes, int clipboardEvery = 0) =>
        ((long)mebibytes * Frame.Length) + (clipboardEvery == 0 ? 0 : (long)(mebibytes / clipboardEvery) * TextFromSession.Length);

    /// <summary>Bytes of an update of so many KiB; 1 stands for the small one.</summary>
    public static int BytesForUpdate(int kibibytes) => kibibytes == 1 ? SmallBytes : 16 + (kibibytes * 1024);

    public void Dispose() => _listener.Dispose();

    /// <summary>One Raw rectangle.</summary>
    private static byte[] Update(ushort width, ushort height)
    {
        var frame = new byte[16 + (width * height * 4)];
        frame[3] = 1;
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(8), width);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(10), height);
        return frame;
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
            socket.NoDelay = true;
            _ = ServeAsync(socket);
        }
    }

    private static string Harmless()
    {
        var text = new StringBuilder();
        for (var line = 1; text.Length < 4096; line++)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{line}\tInvoice 2024-{line:0000}\tpaid on 2024-03-{(line % 28) + 1:00}, {line * 37}.50 EUR, thank you\n");
        return text.ToString();
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            await stream.WriteAsync(RfbVersion.ToBytes(8));
            var head = new byte[12];
            await stream.ReadExactlyAsync(head);
            await stream.WriteAsync(new byte[] { 1, 1 });
            await stream.ReadExactlyAsync(head.AsMemory(0, 1));
            await stream.WriteAsync(new byte[4]);
            await stream.ReadExactlyAsync(head.AsMemory(0, 1));
            await stream.WriteAsync(new ServerInit(Width, Height, PixelFormat.Bgrx, "source").ToBytes());
            byte[] small = Update(12, 1), larger = [];
            while (true)
            {
                await stream.ReadExactlyAsync(head.AsMemory(0, 10)); // update requests and texts are all that comes
                if (head[0] == ClientMessageType.ClientCutText)
                    await TakeTextAsync(stream, head);
                else if (head[1] == 1)
                    await stream.WriteAsync(head[7] > 1 ? larger = Stamped(larger.Length == BytesForUpdate(head[7]) ? larger : Update(256, head[7])) : Stamped(small));
                else
                    await GiveAsync(stream, BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(6)), BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(8)));
            }
        }
        catch (Exception e) when (e is IOException or EndOfStreamException)
        {
            // The viewer left.
        }
    }

    private static byte[] Stamped(byte[] update)
    {
        BinaryPrimitives.WriteInt64BigEndian(update.AsSpan(16), Stopwatch.GetTimestamp());
        return update;
    }

    private static async Task GiveAsync(Stream stream, int mebibytes, int clipboardEvery)
    {
        if (clipboardEvery == CardWanted)
            await stream.WriteAsync(CardFromSession);
        for (var i = 1; i <= mebibytes; i++)
        {
            await stream.WriteAsync(Frame);
            if (clipboardEvery is > 1 and < CardWanted && i % clipboardEvery == 0)
                await stream.WriteAsync(TextFromSession);
        }
    }

    /// <summary>Ten bytes of it were read.</summary>
    private async Task TakeTextAsync(Stream stream, byte[] head)
    {
        var rest = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(4)) - 2];
        await stream.ReadExactlyAsync(rest);
        Interlocked.Increment(ref _texts);
        if (rest.AsSpan().IndexOf("4111 1111"u8) >= 0)
            Interlocked.Increment(ref _cards);
    }
}
