using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using StreamSpace.Tests.Shared;

namespace StreamSpace.Workspaces.Tests.Streaming.Files;

/// <summary>Files through the door, in a real session.</summary>
public sealed class FilesTests(FilesBed bed) : IClassFixture<FilesBed>
{
    [RequiresFact("local")]
    public async Task What_goes_in_is_there_for_the_sessions_programs_and_comes_out_the_same()
    {
        var owner = await bed.OwnerAsync();
        var content = RandomNumberGenerator.GetBytes(3_000_001);
        var made = await owner.UploadAsync("some ä file.bin", content);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var answer = await made.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(("/home/user/some ä file.bin", 3_000_001L, Convert.ToHexStringLower(SHA256.HashData(content))), (answer.GetProperty("path").GetString(), answer.GetProperty("size").GetInt64(), answer.GetProperty("sha256").GetString()));
        Assert.Equal($"{answer.GetProperty("sha256").GetString()} 1000 644\n", await owner.RunAsync("printf '%s ' $(cat ~/some* | sha256sum | cut -c1-64); stat -c '%u %a' ~/some*"));

        var got = await owner.DownloadAsync("/home/user/some ä file.bin");
        Assert.Equal(("application/octet-stream", "nosniff"), (got.Content.Headers.ContentType!.MediaType, got.Headers.GetValues("X-Content-Type-Options").Single()));
        Assert.Equal(("attachment", "some ä file.bin"), (got.Content.Headers.ContentDisposition!.DispositionType, got.Content.Headers.ContentDisposition.FileNameStar));
        Assert.True((await got.Content.ReadAsByteArrayAsync()).AsSpan().SequenceEqual(content));
        using var part = new HttpRequestMessage(HttpMethod.Get, $"{owner.Root}/download?path=some%20%C3%A4%20file.bin") { Headers = { Range = new(1000, 1999) } };
        var ranged = await owner.Client.SendAsync(part);
        Assert.Equal(HttpStatusCode.PartialContent, ranged.StatusCode);
        Assert.Equal(content[1000..2000], await ranged.Content.ReadAsByteArrayAsync());

        Assert.Equal((409, "FILE_EXISTS", "path"), await (await owner.UploadAsync("some ä file.bin", "other")).RefusalAsync());
        Assert.Equal((400, "VALIDATION_ERROR", "sha256"), await (await owner.UploadAsync("hashed", "x", "&sha256=" + new string('0', 64))).RefusalAsync());
        Assert.Equal(HttpStatusCode.Created, (await owner.UploadAsync("some ä file.bin", "other", "&replace=true")).StatusCode);
        Assert.Equal("other", await owner.RunAsync("cat ~/some*; test -e ~/hashed && echo hashed"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(WaitingRoom(bed)));
    }

    [RequiresFact("local")]
    public async Task Folders_are_made_listed_by_pages_renamed_and_removed()
    {
        var owner = await bed.OwnerAsync();
        Assert.Equal(HttpStatusCode.Created, (await owner.Client.PostAsync($"{owner.Root}/directory?path=docs", null)).StatusCode);
        Assert.Equal((409, "FILE_EXISTS", "path"), await (await owner.Client.PostAsync($"{owner.Root}/directory?path=docs", null)).RefusalAsync());
        await owner.RunAsync("cd ~/docs; for i in 1 2 3 4 5; do echo $i > B$i; done; mkdir z A; touch .hid; ln -s B1 link; chmod 600 B2");
        var page = await owner.Client.GetFromJsonAsync<JsonElement>($"{owner.Root}?path=docs&limit=4");
        Assert.Equal(("/home/user/docs", 9L), (page.GetProperty("path").GetString(), page.GetProperty("total").GetInt64()));
        Assert.Equal(["A", "z", ".hid", "B1"], page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("name").GetString()));
        var next = await owner.Client.GetFromJsonAsync<JsonElement>($"{owner.Root}?path=docs&limit=4&cursor={page.GetProperty("next_cursor").GetString()}");
        var last = await owner.Client.GetFromJsonAsync<JsonElement>($"{owner.Root}?path=docs&limit=4&cursor={next.GetProperty("next_cursor").GetString()}");
        Assert.Equal(["B2", "B3", "B4", "B5", "link"], next.GetProperty("items").EnumerateArray().Concat(last.GetProperty("items").EnumerateArray()).Select(i => i.GetProperty("name").GetString()));
        Assert.Equal(JsonValueKind.Null, last.GetProperty("next_cursor").ValueKind);
        var b2 = next.GetProperty("items")[0];
        Assert.Equal(("file", 2L, "0600", false), (b2.GetProperty("type").GetString(), b2.GetProperty("size").GetInt64(), b2.GetProperty("mode").GetString(), b2.GetProperty("hidden").GetBoolean()));
        Assert.True(page.GetProperty("items")[2].GetProperty("hidden").GetBoolean());

        Assert.Equal(HttpStatusCode.OK, (await owner.Client.PostAsJsonAsync($"{owner.Root}/rename", new { path = "docs/B1", to = "/home/user/docs/z/moved" })).StatusCode);
        Assert.Equal((409, "FILE_EXISTS", "path"), await (await owner.Client.PostAsJsonAsync($"{owner.Root}/rename", new { path = "docs/B2", to = "docs/B3" })).RefusalAsync());
        Assert.Equal(404, (await (await owner.Client.PostAsJsonAsync($"{owner.Root}/rename", new { path = "docs/none", to = "docs/B9" })).RefusalAsync()).Status);
        Assert.Equal((409, "FILE_EXISTS", "path"), await (await owner.Client.DeleteAsync($"{owner.Root}/directory?path=docs")).RefusalAsync());
        Assert.Equal((400, "VALIDATION_ERROR", "path"), await (await owner.Client.DeleteAsync($"{owner.Root}/file?path=docs")).RefusalAsync());
        Assert.Equal(HttpStatusCode.NoContent, (await owner.Client.DeleteAsync($"{owner.Root}/file?path=docs/B2")).StatusCode);
        Assert.Equal("1\n", await owner.RunAsync("cat ~/docs/z/moved"));
        Assert.Equal(HttpStatusCode.NoContent, (await owner.Client.DeleteAsync($"{owner.Root}/directory?path=docs&recursive=true")).StatusCode);
        Assert.Equal((404, "FILE_NOT_FOUND", "path"), await (await owner.Client.GetAsync($"{owner.Root}?path=docs")).RefusalAsync());
    }

    [RequiresFact("local")]
    public async Task No_path_and_no_link_leads_out_of_the_home()
    {
        var owner = await bed.OwnerAsync();
        await owner.RunAsync("echo outside > /tmp/secret; mkdir ~/in; cd ~/in; ln -s /tmp/secret abs; ln -s ../../../tmp/secret up; ln -s /tmp folder; ln -s / root; ln -s /proc/self/root magic; ln -s loop loop; mkfifo pipe");
        string[] corpus =
        [
            "..", "../x", "a/../../x", "/home/user/../x", "/home/user/../../tmp/secret", "/etc/passwd", "/tmp/secret", "/home/username/x", "//etc/passwd", "in//x", "in/./x", "./x", "a\0b", "in/..", "/..",
            "/home/user/in/folder/secret", "in/root/tmp/secret", "in/magic/tmp/secret", "\uFFFD", new string('a', 300), new string('a', 5000), "/home", "/proc/self/environ",
        ];
        foreach (var path in corpus)
        {
            var named = Uri.EscapeDataString(path);
            HttpResponseMessage[] answers =
            [
                await owner.Client.GetAsync($"{owner.Root}?path={named}"), await owner.DownloadAsync(path), await owner.UploadAsync(path, "owned", "&replace=true"),
                await owner.Client.PostAsync($"{owner.Root}/directory?path={named}", null), await owner.Client.DeleteAsync($"{owner.Root}/directory?path={named}&recursive=true"),
                await owner.Client.DeleteAsync($"{owner.Root}/file?path={named}"), await owner.Client.PostAsJsonAsync($"{owner.Root}/rename", new { path, to = "taken" }),
            ];
            foreach (var answer in answers)
                Assert.Equal((path, (400, "VALIDATION_ERROR", "path")), (path, await answer.RefusalAsync()));
            var (status, code, field) = await (await owner.Client.PostAsJsonAsync($"{owner.Root}/rename", new { path = "in", to = path })).RefusalAsync();
            Assert.Equal((path, 400, "VALIDATION_ERROR"), (path, status, code));
            Assert.Contains(field, new[] { "to", "path" });
        }

        foreach (var link in new[] { "in/abs", "in/up", "in/loop", "in/pipe" })
            Assert.Equal((link, (400, "VALIDATION_ERROR", "path")), (link, await (await owner.DownloadAsync(link)).RefusalAsync()));
        Assert.Equal((400, "VALIDATION_ERROR", "path"), await (await owner.UploadAsync("new\nline", "x")).RefusalAsync());
        Assert.Equal("outside\n", await owner.RunAsync("cat /tmp/secret; ls /tmp/owned ~/taken 2>/dev/null"));
    }

    [RequiresFact("local")]
    public async Task Only_the_owner_reaches_the_files_and_only_while_the_session_runs()
    {
        var owner = await bed.OwnerAsync();
        var other = await bed.App.UserAsync(owner.Name + "-other");
        var looksOnly = await bed.App.UserAsync(owner.Name + "-auditor", "auditor");
        Assert.Equal(404, (await (await other.GetAsync(owner.Root)).RefusalAsync()).Status);
        Assert.Equal((403, "NOT_ALLOWED", null), await (await bed.Admin.GetAsync(owner.Root)).RefusalAsync());
        Assert.Equal((403, "NOT_ALLOWED", null), await (await bed.Admin.PostAsync($"{owner.Root}/upload?path=x", new ByteArrayContent([1]))).RefusalAsync());
        Assert.Equal(403, (await (await looksOnly.GetAsync(owner.Root)).RefusalAsync()).Status);
        Assert.Equal(401, (await (await bed.App.Anonymous.GetAsync(owner.Root)).RefusalAsync()).Status);

        Assert.True((await owner.Client.PostAsync($"/api/v1/sessions/{owner.Session}/hibernate", null)).IsSuccessStatusCode);
        for (var left = 200; ; left--)
        {
            var answer = await owner.Client.GetAsync(owner.Root);
            if (answer.StatusCode == HttpStatusCode.Conflict)
            {
                var error = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
                if (error.GetProperty("code").GetString() == "SESSION_ASLEEP")
                {
                    Assert.True(error.GetProperty("details").GetProperty("wake").GetBoolean());
                    break;
                }

                Assert.Equal("SESSION_NOT_RUNNING", error.GetProperty("code").GetString()); // for a moment: the processes go before the session is said to sleep
            }

            Assert.True(left > 0);
            await Task.Delay(50);
        }
    }

    internal static string WaitingRoom(FilesBed bed) => Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions
        .GetRequiredService<Microsoft.Extensions.Options.IOptions<StreamSpace.Streaming.StreamingOptions>>(bed.App.Services).Value.WaitingRoom;
}

/// <summary>So many bytes that no memory holds.</summary>
internal sealed class Pattern(long length) : Stream
{
    private long at;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => at; set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var count = (int)Math.Min(buffer.Length, length - at);
        for (var i = 0; i < count; i++)
            buffer[i] = (byte)((at + i) * 31 >> 3);
        at += count;
        return count;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
