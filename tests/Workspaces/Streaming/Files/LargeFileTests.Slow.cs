using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using StreamSpace.Sessions.Tests;
using StreamSpace.Tests.Shared;

namespace StreamSpace.Workspaces.Tests.Streaming.Files;

/// <summary>A file that does not fit anywhere but on a disk.</summary>
[Collection(AloneCollection.Name)]
[Trait("Category", "Slow")]
public sealed class LargeFileTests(FilesBed bed) : IClassFixture<FilesBed>
{
    [RequiresFact("local")]
    public async Task Two_hundred_megabytes_go_in_and_out_with_flat_memory()
    {
        var owner = await bed.OwnerAsync();
        await owner.UploadAsync("warm", "up");
        GC.Collect();
        var before = GC.GetTotalMemory(true);
        var most = 0L;
        using var watching = new CancellationTokenSource();
        var watch = Task.Run(async () =>
        {
            while (!watching.IsCancellationRequested)
            {
                most = Math.Max(most, GC.GetTotalMemory(false));
                await Task.Delay(10);
            }
        });
        const long size = 200L << 20;
        using var content = new StreamContent(new Pattern(size), 1 << 16);
        var made = await owner.Client.PostAsync($"{owner.Root}/upload?path=big", content);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        using var got = await owner.Client.GetAsync($"{owner.Root}/download?path=big", HttpCompletionOption.ResponseHeadersRead);
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(await got.Content.ReadAsStreamAsync()));
        await watching.CancelAsync();
        await watch;
        Assert.Equal((await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("sha256").GetString(), hash);
        Assert.True(most - before < 32L << 20, $"{(most - before) >> 20} MiB more");
        await owner.Client.DeleteAsync($"{owner.Root}/file?path=big");
    }
}
