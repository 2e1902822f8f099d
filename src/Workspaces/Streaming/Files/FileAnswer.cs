using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using StreamSpace.Contracts.Runtimes;

namespace StreamSpace.Streaming.Files;

/// <summary>What is sent of a file that may pass.</summary>
/// <param name="Content">The rest of it after <paramref name="Head"/>.</param>
/// <param name="Head">What was read of it already.</param>
/// <param name="Bytes">How much it is in all.</param>
/// <param name="ModifiedAt">Last change.</param>
internal sealed record Outgoing(Stream Content, byte[] Head, long Bytes, DateTimeOffset ModifiedAt);

/// <summary>
/// Sends a file as something to keep, never to show: another type than bytes could make a browser run what lies in a session. Its length is promised,
/// so that one that breaks off halfway is not taken for whole.
/// </summary>
internal sealed class FileAnswer(Outgoing file, string name, HomeFile source, IDisposable place, Action moving) : IResult, IStatusCodeHttpResult
{
    private const string Bytes = "application/octet-stream";

    public int? StatusCode => StatusCodes.Status200OK;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using (place)
        await using (source)
        await using (file.Content)
        {
            httpContext.Response.Headers.XContentTypeOptions = "nosniff";
            if (file is { Content.CanSeek: true, Head.Length: 0 })
            {
                await TypedResults.Stream(new Told(file.Content, moving), Bytes, name, file.ModifiedAt, enableRangeProcessing: true).ExecuteAsync(httpContext);
                return;
            }

            var disposition = new ContentDispositionHeaderValue("attachment");
            disposition.SetHttpFileName(name);
            httpContext.Response.Headers.ContentDisposition = disposition.ToString();
            httpContext.Response.ContentType = Bytes;
            httpContext.Response.ContentLength = file.Bytes;
            await CopyAsync(httpContext);
        }
    }

    private async Task CopyAsync(HttpContext context)
    {
        var left = file.Bytes;
        var buffer = new byte[128 * 1024];
        try
        {
            await context.Response.Body.WriteAsync(file.Head, context.RequestAborted);
            for (left -= file.Head.Length; left > 0;)
            {
                var read = await file.Content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), context.RequestAborted);
                if (read == 0)
                    break;
                await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted);
                left -= read;
                moving();
            }
        }
        catch (Exception e) when (e is IOException or RuntimeFailure or OperationCanceledException)
        {
            // The session or the reader has gone; told below.
        }

        if (left > 0)
            context.Abort();
    }

    /// <summary>A stream whose reads are told of.</summary>
    private sealed class Told(Stream inner, Action moving) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => inner.Length;

        public override long Position { get => inner.Position; set => inner.Position = value; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            moving();
            return inner.ReadAsync(buffer, cancellationToken);
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

        public override void Flush()
        {
        }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
