using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Options;

namespace StreamSpace.Dlp;

/// <summary>What became of a scan.</summary>
internal enum ScanOutcome
{
    /// <summary>Nothing was found.</summary>
    Clean,

    /// <summary>Something was found.</summary>
    Infected,

    /// <summary>Nobody can say.</summary>
    Failed,
}

/// <summary>The scanner's answer.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Text">Name of what was found, or why nobody can say.</param>
internal sealed record ScanAnswer(ScanOutcome Outcome, string Text);

/// <summary>
/// ClamAV's daemon over its socket: INSTREAM (chunks with a length of four bytes before each, a length of nothing at the end) and PING, as clamd(8)
/// describes them. The bytes go to it and nowhere else; it needs no right to read our files.
/// </summary>
internal sealed class ClamAv(IOptions<ClamAvOptions> options, TimeProvider clock)
{
    private const int ChunkBytes = 64 * 1024;
    private const int LongestAnswer = 4096;

    public bool IsSet => options.Value.Address.Length > 0;

    public async Task<ScanAnswer> ScanAsync(Stream content, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(options.Value.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, ct);
        try
        {
            await using var stream = await ConnectAsync(either.Token);
            var sent = await SendAsync(stream, content, either.Token);
            return Read(await AnswerAsync(stream, either.Token), sent);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new(ScanOutcome.Failed, $"It gave no answer within {options.Value.Timeout.TotalSeconds:0} s.");
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return new(ScanOutcome.Failed, $"It cannot be reached at {options.Value.Address} ({e.Message}).");
        }
    }

    /// <summary>Null when the daemon answers, else a sentence.</summary>
    public async Task<string?> ProblemAsync(CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(800), clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, ct);
        try
        {
            await using var stream = await ConnectAsync(either.Token);
            await stream.WriteAsync("zPING\0"u8.ToArray(), either.Token);
            var said = await AnswerAsync(stream, either.Token);
            return said == "PONG" ? null : "It answers something else than ClamAV's daemon would.";
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return "It gives no answer.";
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return e.Message + ".";
        }
    }

    private async Task<NetworkStream> ConnectAsync(CancellationToken ct)
    {
        var (host, port, path) = options.Value.Parts();
        var socket = path is null ? new Socket(SocketType.Stream, ProtocolType.Tcp) : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            if (path is null)
                await socket.ConnectAsync(host!, port, ct);
            else
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>False when the daemon stopped listening before the end: then its answer says why.</summary>
    private static async Task<bool> SendAsync(NetworkStream stream, Stream content, CancellationToken ct)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes + 4);
        try
        {
            await stream.WriteAsync("zINSTREAM\0"u8.ToArray(), ct);
            int read;
            do
            {
                read = await content.ReadAsync(buffer.AsMemory(4, ChunkBytes), ct);
                BinaryPrimitives.WriteInt32BigEndian(buffer, read);
                await stream.WriteAsync(buffer.AsMemory(0, read + 4), ct);
            }
            while (read > 0);
            return true;
        }
        catch (IOException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.Shutdown or SocketError.ConnectionReset or SocketError.ConnectionAborted })
        {
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task<string> AnswerAsync(NetworkStream stream, CancellationToken ct)
    {
        var answer = new byte[LongestAnswer];
        var length = 0;
        while (length < answer.Length && await stream.ReadAsync(answer.AsMemory(length), ct) is > 0 and var read)
        {
            length += read;
            if (answer.AsSpan(0, length).IndexOf((byte)0) is >= 0 and var end)
                return Encoding.UTF8.GetString(answer, 0, end).Trim();
        }

        return Encoding.UTF8.GetString(answer, 0, length).Trim();
    }

    // "stream: OK", "stream: Name FOUND", "… ERROR". Only the first means clean, and only of a file that was sent whole.
    private static ScanAnswer Read(string answer, bool whole)
    {
        if (whole && answer == "stream: OK")
            return new(ScanOutcome.Clean, "");
        if (answer.StartsWith("stream: ", StringComparison.Ordinal) && answer.EndsWith(" FOUND", StringComparison.Ordinal))
            return new(ScanOutcome.Infected, Shown(answer["stream: ".Length..^" FOUND".Length]));
        return new(ScanOutcome.Failed, answer.Contains("size limit exceeded", StringComparison.OrdinalIgnoreCase)
            ? "The file is larger than its StreamMaxLength."
            : answer.Length == 0 ? "It hung up without an answer." : $"It said “{Shown(answer)}”.");
    }

    private static string Shown(string text) => new([.. text.Take(200).Select(c => char.IsControl(c) ? '?' : c)]);
}
