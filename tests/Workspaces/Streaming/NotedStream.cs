using System.IO.Pipelines;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace StreamSpace.Workspaces.Tests.Streaming;

/// <summary>A viewer's socket that speaks notes: what is RFB is read from it as a stream, notes are kept apart, and questions are answered while it confirms.</summary>
internal sealed class NotedStream : Stream
{
    private readonly ClientWebSocket _socket;
    private readonly Pipe _rfb = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly Channel<JsonElement> _notes = Channel.CreateUnbounded<JsonElement>();

    public NotedStream(ClientWebSocket socket)
    {
        _socket = socket;
        Closed = PumpAsync();
    }

    /// <summary>Whether questions about the watermark are answered.</summary>
    public bool Confirms { get; set; } = true;

    /// <summary>The proxy's close code and sentence; 0 when the connection broke.</summary>
    public Task<(int Code, string Sentence)> Closed { get; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>The next note of this type; what comes before it is passed over.</summary>
    public async Task<JsonElement> NoteAsync(string type)
    {
        while (true)
        {
            var note = await _notes.Reader.ReadAsync(StreamHost.Soon);
            if (note.GetProperty("type").GetString() == type)
                return note;
        }
    }

    public Task SayAsync(string note) => _socket.SendAsync(Encoding.UTF8.GetBytes(note), WebSocketMessageType.Text, endOfMessage: true, StreamHost.Soon);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => _rfb.Reader.AsStream().ReadAsync(buffer, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        _socket.SendAsync(buffer, WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private async Task<(int Code, string Sentence)> PumpAsync()
    {
        var buffer = new byte[256 * 1024];
        try
        {
            while (true)
            {
                var at = 0;
                ValueWebSocketReceiveResult got;
                do
                {
                    got = await _socket.ReceiveAsync(buffer.AsMemory(at), CancellationToken.None);
                    at += got.Count;
                }
                while (got is { MessageType: WebSocketMessageType.Text, EndOfMessage: false });
                if (got.MessageType == WebSocketMessageType.Close)
                    return ((int?)_socket.CloseStatus ?? 0, _socket.CloseStatusDescription ?? "");
                if (got.MessageType == WebSocketMessageType.Binary)
                    await _rfb.Writer.WriteAsync(buffer.AsMemory(0, at));
                else
                    await TakeAsync(JsonSerializer.Deserialize<JsonElement>(buffer.AsSpan(0, at)));
            }
        }
        catch (Exception e) when (e is WebSocketException or ObjectDisposedException or OperationCanceledException)
        {
            return (0, e.Message);
        }
        finally
        {
            await _rfb.Writer.CompleteAsync();
        }
    }

    private async Task TakeAsync(JsonElement note)
    {
        _notes.Writer.TryWrite(note);
        if (Confirms && note.GetProperty("type").GetString() == "watermark.check")
            await SayAsync($$"""{"type":"watermark.stands","nonce":"{{note.GetProperty("nonce").GetString()}}"}""");
    }
}
