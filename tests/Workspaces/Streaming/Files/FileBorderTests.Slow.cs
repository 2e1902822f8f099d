using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using StreamSpace.Tests.Shared;

namespace StreamSpace.Workspaces.Tests.Streaming.Files;

/// <summary>What data protection stops at the border, in both directions, with a real session and a real ClamAV daemon.</summary>
[Trait("Category", "Slow")]
public sealed class FileBorderTests(FilesBed bed) : IClassFixture<FilesBed>
{
    private static readonly byte[] Program = [.. "MZ"u8, 0x90, 0, 3, 0, 0, 0, 4, 0, 0, 0, 0xFF, 0xFF, 0, 0, .. new byte[200]];

    [RequiresFact("local")]
    public async Task A_file_of_the_largest_size_passes_and_one_byte_more_does_not_either_way()
    {
        var owner = await bed.OwnerAsync();
        await owner.RunAsync("head -c 1001 /dev/zero > ~/over; head -c 1000 /dev/zero > ~/just");
        await owner.PolicyAsync(new { upload = new { max_bytes = 1000 }, download = new { max_bytes = 1000 } });
        Assert.Equal(HttpStatusCode.Created, (await owner.UploadAsync("fits", new byte[1000])).StatusCode);
        Assert.Equal((413, "FILE_TOO_LARGE", null), await (await owner.UploadAsync("told", new byte[1001])).RefusalAsync());
        using var untold = new StreamContent(new Pattern(1001));
        Assert.Equal((413, "FILE_TOO_LARGE", null), await (await owner.Client.PostAsync($"{owner.Root}/upload?path=untold", untold)).RefusalAsync());
        Assert.Equal(1000, (await (await owner.DownloadAsync("just")).Content.ReadAsByteArrayAsync()).Length);
        Assert.Equal((413, "FILE_TOO_LARGE", null), await (await owner.DownloadAsync("over")).RefusalAsync());
        Assert.DoesNotContain(await owner.NamesAsync(), n => n.Contains("told", StringComparison.Ordinal));
        var listing = await owner.Client.GetFromJsonAsync<JsonElement>(owner.Root);
        Assert.Equal(1000, listing.GetProperty("upload").GetProperty("max_bytes").GetInt64());
    }

    [RequiresFact("local")]
    public async Task A_program_named_like_a_text_is_stopped_and_so_is_a_text_named_like_a_program()
    {
        var owner = await bed.OwnerAsync();
        await owner.RunAsync("printf 'MZ\\220\\0\\3\\0\\0\\0' > ~/letter.txt; echo hello > ~/hello.txt");
        await owner.PolicyAsync(new { upload = new { deny_types = new[] { "application/x-dosexec" } }, download = new { deny_types = new[] { "application/x-dosexec" } } });
        Assert.Equal((422, "DLP_BLOCKED", null), await (await owner.UploadAsync("notes.txt", Program)).RefusalAsync());
        var violation = await owner.ViolationAsync();
        Assert.Equal(
            ("blocked", "file_upload", "format", "notes.txt", "application/x-dosexec", Program.Length),
            (violation.GetProperty("outcome").GetString(), violation.GetProperty("channel").GetString(), violation.GetProperty("reason").GetString(), violation.GetProperty("file").GetString(),
                violation.GetProperty("format").GetString(), violation.GetProperty("bytes").GetInt32()));
        Assert.Equal((422, "DLP_BLOCKED", null), await (await owner.UploadAsync("setup.exe", "only text")).RefusalAsync());
        Assert.Equal((422, "DLP_BLOCKED", null), await (await owner.UploadAsync("setup.EXE. ", "only text")).RefusalAsync());
        Assert.Equal(HttpStatusCode.Created, (await owner.UploadAsync("notes.txt", "only text")).StatusCode);
        Assert.Equal((422, "DLP_BLOCKED", null), await (await owner.DownloadAsync("letter.txt")).RefusalAsync());
        Assert.Equal("hello\n", await (await owner.DownloadAsync("hello.txt")).Content.ReadAsStringAsync());
        Assert.DoesNotContain(await owner.NamesAsync(), n => n.Contains("setup", StringComparison.Ordinal));
    }

    [RequiresFact("local")]
    public async Task Where_only_some_types_may_pass_a_disguise_does_not_help()
    {
        var owner = await bed.OwnerAsync();
        await owner.PolicyAsync(new { upload = new { allow_types = new[] { "image/*" } } });
        byte[] picture = [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, .. new byte[50]];
        Assert.Equal(HttpStatusCode.Created, (await owner.UploadAsync("picture.png", picture)).StatusCode);
        Assert.Equal((422, "DLP_BLOCKED", null), await (await owner.UploadAsync("notes.png", "text")).RefusalAsync());
        Assert.Equal((422, "DLP_BLOCKED", null), await (await owner.UploadAsync("picture.js", picture)).RefusalAsync());
        Assert.Equal((422, "DLP_BLOCKED", null), await (await owner.UploadAsync("empty.png", [])).RefusalAsync());
    }

    [RequiresFact("local")]
    public async Task A_policy_that_closes_while_bytes_come_closes_for_them_too()
    {
        var owner = await bed.OwnerAsync();
        using var slow = new StreamContent(new Halting(500, out var goOn));
        var sending = owner.Client.PostAsync($"{owner.Root}/upload?path=late", slow);
        await Task.Delay(300);
        await owner.PolicyAsync(new { upload = new { allowed = false } });
        goOn.SetResult();
        Assert.Equal((422, "DLP_BLOCKED", null), await (await sending).RefusalAsync());
        Assert.DoesNotContain("late", await owner.NamesAsync());
        var closed = (await owner.Client.GetFromJsonAsync<JsonElement>(owner.Root)).GetProperty("upload");
        Assert.Equal((false, true), (closed.GetProperty("allowed").GetBoolean(), closed.GetProperty("closed_by").GetString()!.StartsWith("Files of", StringComparison.Ordinal)));
    }

    [RequiresFact("local", "clamd")]
    public async Task What_the_scanner_finds_passes_in_no_direction_and_is_never_seen_in_the_session()
    {
        var owner = await bed.OwnerAsync();
        await owner.PolicyAsync(new { upload = new { scan = true }, download = new { scan = true } });
        var clean = await owner.UploadAsync("clean.txt", "harmless");
        Assert.Equal(HttpStatusCode.Created, clean.StatusCode);
        Assert.True((await clean.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("scanned").GetBoolean());
        Assert.Equal("harmless", await (await owner.DownloadAsync("clean.txt")).Content.ReadAsStringAsync());

        await owner.RunAsync("( while :; do grep -rqs EICAR-STANDARD ~ && touch /tmp/seen; done ) >/dev/null 2>&1 &");
        var caught = await owner.UploadAsync("letter.txt", Clamd.Eicar);
        Assert.Equal((422, "FILE_INFECTED", null), await caught.RefusalAsync());
        Assert.Contains("StreamSpace.Eicar", await caught.TextAsync(), StringComparison.Ordinal);
        var violation = await owner.ViolationAsync();
        Assert.Equal(
            ("blocked", "infected", "letter.txt", 68, "StreamSpace.Eicar.UNOFFICIAL"),
            (violation.GetProperty("outcome").GetString(), violation.GetProperty("reason").GetString(), violation.GetProperty("file").GetString(), violation.GetProperty("bytes").GetInt32(), violation.GetProperty("finding").GetString()));
        Assert.False(violation.GetProperty("has_content").GetBoolean());
        Assert.Equal("nothing\n", await owner.RunAsync("sleep 0.5; ls /tmp/seen ~/letter* ~/.letter* 2>/dev/null || echo nothing"));

        Assert.Empty(Directory.EnumerateFileSystemEntries(FilesTests.WaitingRoom(bed)));
        await owner.RunAsync($"printf '%s' '{Clamd.Eicar}' > ~/grown");
        Assert.Equal((422, "FILE_INFECTED", null), await (await owner.DownloadAsync("grown")).RefusalAsync());
    }

    [RequiresFact("local", "clamd")]
    public async Task A_scanner_that_is_away_blocks_unless_the_policy_says_otherwise()
    {
        await using var scanner = await Clamd.StartAsync(streamMegabytes: 1);
        await using var beds = await AwayBed.StartAsync(scanner.Socket);
        var owner = beds.Owner;
        var policy = await owner.PolicyAsync(new { upload = new { scan = true } });
        Assert.Equal(HttpStatusCode.Created, (await owner.UploadAsync("first", "x")).StatusCode);
        Assert.Equal((422, "FILE_NOT_SCANNED", null), await (await owner.UploadAsync("huge", new byte[3 << 20])).RefusalAsync());
        Assert.True(await beds.IsWellAsync());
        await scanner.StopAsync();
        Assert.Equal((422, "FILE_NOT_SCANNED", null), await (await owner.UploadAsync("second", "x")).RefusalAsync());
        Assert.Equal("unscanned", (await owner.ViolationAsync()).GetProperty("reason").GetString());
        Assert.False(await beds.IsWellAsync());
        Assert.Equal(["first"], (await owner.NamesAsync()).Where(n => n is "first" or "second" or "huge"));
        await owner.Bed.Admin.PatchAsJsonAsync(policy, new { rules = new { upload = new { scan = true, unscanned = "warn" } } });
        var passed = await owner.UploadAsync("third", "x");
        Assert.Equal((HttpStatusCode.Created, false), (passed.StatusCode, (await passed.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("scanned").GetBoolean()));
        await scanner.RunAsync();
        Assert.Equal((422, "FILE_INFECTED", null), await (await owner.UploadAsync("fourth", Clamd.Eicar)).RefusalAsync());
    }

    [RequiresFact("local")]
    public async Task A_policy_that_wants_a_scanner_nobody_set_up_blocks_and_names_the_setting()
    {
        await using var beds = await AwayBed.StartAsync(null);
        Assert.True(await beds.IsWellAsync());
        await beds.Owner.PolicyAsync(new { upload = new { scan = true, unscanned = "warn" } });
        var refused = await beds.Owner.UploadAsync("x", "x");
        Assert.Equal((422, "FILE_NOT_SCANNED", null), await refused.RefusalAsync());
        Assert.Contains("Dlp:ClamAv:Address", await refused.TextAsync(), StringComparison.Ordinal);
        Assert.False(await beds.IsWellAsync());
    }

    /// <summary>A second server whose scanner is the test's own.</summary>
    private sealed class AwayBed(FilesBed bed, Owner owner) : IAsyncDisposable
    {
        public Owner Owner => owner;

        public static async Task<AwayBed> StartAsync(string? socket)
        {
            var bed = new FilesBed { Address = socket ?? "" };
            await bed.InitializeAsync();
            return new(bed, await bed.OwnerAsync());
        }

        public async Task<bool> IsWellAsync()
        {
            var part = (await bed.Admin.GetFromJsonAsync<JsonElement>("/api/v1/system")).GetProperty("parts").EnumerateArray().Single(p => p.GetProperty("name").GetString() == "virus_scanner");
            return part.GetProperty("problem").ValueKind == JsonValueKind.Null;
        }

        public async ValueTask DisposeAsync() => await bed.DisposeAsync();
    }

    /// <summary>Gives one half, waits for a word, gives the rest.</summary>
    private sealed class Halting : Stream
    {
        private readonly TaskCompletionSource _word = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly int _bytes;
        private int _given;

        public Halting(int bytes, out TaskCompletionSource word) => (_bytes, word) = (bytes, _word);

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_given == 2)
                return 0;
            if (_given++ == 1)
                await _word.Task;
            var text = Encoding.ASCII.GetBytes(new string('x', _bytes));
            text.CopyTo(buffer);
            return text.Length;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
