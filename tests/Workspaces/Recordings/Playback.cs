using System.Text.Json;
using StreamSpace.Rfb;
using StreamSpace.Rfb.Ends;
using StreamSpace.Rfb.Pictures;
using StreamSpace.Rfb.Recording;
using StreamSpace.Sessions.Tests;

namespace StreamSpace.Recordings.Tests;

/// <summary>Plays segments as a viewer would: what a display sent is given to a client that never answers.</summary>
internal static class Playback
{
    public static async Task<byte[]> SegmentAsync(HttpClient user, string recording, int number, string purpose = "play")
    {
        using var answer = await user.GetAsync($"/api/v1/recordings/{recording}/segments/{number}?purpose={purpose}");
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return await answer.Content.ReadAsByteArrayAsync();
    }

    public static async Task<List<JsonElement>> ListAsync(HttpClient user, string recording) =>
        [.. (await SessionsBed.GetAsync(user, $"/recordings/{recording}/segments")).GetProperty("items").EnumerateArray()];

    /// <summary>Reads all whole chunks, and how it ended.</summary>
    public static (SegmentReader Reader, List<Chunk> Chunks) Read(byte[] segment)
    {
        var reader = new SegmentReader(segment);
        var chunks = new List<Chunk>();
        while (reader.TryRead(out var chunk))
            chunks.Add(chunk);
        return (reader, chunks);
    }

    /// <summary>The picture at the segment's end.</summary>
    public static async Task<Picture> PictureAsync(byte[] segment)
    {
        byte[] sent = [.. "RFB 003.008\n"u8, 1, 1, 0, 0, 0, 0, .. Read(segment).Chunks.Where(c => c.Kind == ChunkKind.Display).SelectMany(c => c.Content.ToArray())];
        await using var client = await RfbClient.ConnectAsync(new Canned(sent), null, CancellationToken.None);
        try
        {
            while (true)
                await client.ReadAsync(CancellationToken.None);
        }
        catch (RfbException e) when (e.Error.Fault == RfbFault.EndOfStream)
        {
            return client.Picture;
        }
    }

    /// <summary>Reads what was put in, forgets what is written.</summary>
    private sealed class Canned(byte[] content) : MemoryStream(content)
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Task.CompletedTask;

        public override void Write(byte[] buffer, int offset, int count)
        {
        }
    }
}
