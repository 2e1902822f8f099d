using System.Text;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;

namespace StreamSpace.Runtimes.Tests.ContractSuite;

/// <summary>The files below the home, as people outside the session work with them.</summary>
public abstract class HomeContract<TBed>(TBed bed) : IClassFixture<TBed> where TBed : RuntimeBed
{
    private ISessionRuntime Runtime => bed.Runtime;

    private IHomeFiles Files => bed.Runtime.Files;

    [ContractFact]
    public async Task Files_are_written_whole_or_not_at_all_and_belong_to_the_sessions_user()
    {
        var session = (await bed.SharedAsync()).Session;
        await Files.MakeFolderAsync(session, "/home/user/a folder", Soon);
        await WriteAsync(session, "/home/user/a folder/ä 'file'.txt", "one");
        Assert.Equal("one 1000 644\n", (await Runtime.RunAsync(session, "cd ~/a*; cat *; stat -c ' %u %a' *")).Output);
        await Shell.RefusedAsync(() => WriteAsync(session, "/home/user/a folder/ä 'file'.txt", "two"), RuntimeReasons.FileExists);
        await WriteAsync(session, "/home/user/a folder/ä 'file'.txt", "three", replace: true);
        Assert.Equal("three", await ReadAsync(session, "/home/user/a folder/ä 'file'.txt"));

        await Assert.ThrowsAsync<RuntimeFailure>(() => Files.WriteAsync(session, "/home/user/a folder/cut", new MemoryStream("half"u8.ToArray()), 8, replace: false, Soon));
        var only = Assert.Single(await Files.ListAsync(session, "/home/user/a folder", Soon));
        Assert.Equal(("ä 'file'.txt", "/home/user/a folder/ä 'file'.txt", 5L), (only.Name, only.Path, only.Bytes));
    }

    [ContractFact]
    public async Task A_large_file_goes_in_and_comes_out_with_its_size_told()
    {
        var session = (await bed.SharedAsync()).Session;
        var big = new byte[5_000_001];
        new Random(7).NextBytes(big);
        await Files.WriteAsync(session, "/home/user/big", new MemoryStream(big), big.Length, replace: false, Soon);
        await using var file = await Files.ReadAsync(session, "/home/user/big", Soon);
        Assert.Equal(big.Length, file.Bytes);
        Assert.InRange(file.ModifiedAt, TimeProvider.System.GetUtcNow().AddMinutes(-5), TimeProvider.System.GetUtcNow().AddMinutes(5));
        using var read = new MemoryStream();
        await file.Content.CopyToAsync(read, Soon);
        Assert.True(read.ToArray().AsSpan().SequenceEqual(big));
    }

    [ContractFact]
    public async Task Folders_are_made_renamed_and_removed()
    {
        var session = (await bed.SharedAsync()).Session;
        await Files.MakeFolderAsync(session, "/home/user/one", Soon);
        await Shell.RefusedAsync(() => Files.MakeFolderAsync(session, "/home/user/one", Soon), RuntimeReasons.FileExists);
        await Shell.RefusedAsync(() => Files.MakeFolderAsync(session, "/home/user/missing/one", Soon), RuntimeReasons.NoSuchFile);
        await WriteAsync(session, "/home/user/one/file", "x");
        await Runtime.RunAsync(session, "mkdir -p ~/one/deep/er; ln -s /etc/passwd ~/one/deep/link; ln -s ../two ~/one/in");
        await Files.RenameAsync(session, "/home/user/one", "/home/user/two", Soon);
        await Shell.RefusedAsync(() => Files.RenameAsync(session, "/home/user/one", "/home/user/three", Soon), RuntimeReasons.NoSuchFile);
        await WriteAsync(session, "/home/user/there", "stays");
        await Shell.RefusedAsync(() => Files.RenameAsync(session, "/home/user/two/file", "/home/user/there", Soon), RuntimeReasons.FileExists);
        Assert.Equal("stays", await ReadAsync(session, "/home/user/there"));
        await Shell.RefusedAsync(() => Files.RenameAsync(session, "/home/user/two", "/home/user/two/deep/two", Soon), RuntimeReasons.BadPath);
        await Shell.RefusedAsync(() => Files.RemoveFileAsync(session, "/home/user/two", Soon), RuntimeReasons.BadPath);
        await Shell.RefusedAsync(() => Files.RemoveFolderAsync(session, "/home/user/there", withContent: true, Soon), RuntimeReasons.BadPath);
        await Shell.RefusedAsync(() => Files.RemoveFolderAsync(session, "/home/user/two", withContent: false, Soon), RuntimeReasons.FileExists);
        await Files.RemoveFileAsync(session, "/home/user/two/in", Soon);
        await Files.RemoveFolderAsync(session, "/home/user/two", withContent: true, Soon);
        Assert.Equal("gone /etc/passwd\n", (await Runtime.RunAsync(session, "test -e ~/two || printf 'gone '; ls /etc/passwd")).Output);
    }

    [ContractFact]
    public async Task Neither_path_nor_link_leads_out_of_the_home()
    {
        var session = (await bed.SharedAsync("links")).Session;
        await Runtime.RunAsync(
            session,
            "echo outside > /tmp/secret; mkdir -p ~/in/side /tmp/other; echo inside > ~/in/side/file; cd ~/in; ln -s /tmp/secret abs; ln -s ../../../tmp/secret up; ln -s /tmp folder; ln -s / root; "
            + "ln -s /proc/self/root magic; ln -s side/file fine; ln -s side dir; ln -s loop loop; mkfifo pipe; ln -s nothing dangling");
        Assert.Equal("inside\n", await ReadAsync(session, "/home/user/in/fine"));
        Assert.Equal("inside\n", await ReadAsync(session, "/home/user/in/dir/file"));
        string[] reads =
        [
            "/home/user/in/abs", "/home/user/in/up", "/home/user/in/folder/secret", "/home/user/in/root/tmp/secret", "/home/user/in/magic/tmp/secret", "/home/user/in/loop", "/home/user/in/pipe",
            "/home/user/in/dangling", "/home/user/../../tmp/secret", "/home/user/in/../../../tmp/secret", "/tmp/secret", "/home/username/x", "/home/user/\0", "relative", "", "/home/user/in/side",
        ];
        foreach (var path in reads)
            await Shell.RefusedAsync(() => ReadAsync(session, path), RuntimeReasons.BadPath, RuntimeReasons.NoSuchFile);
        foreach (var path in new[] { "/home/user/in/folder/new", "/home/user/in/root/tmp/new", "/home/user/../../tmp/new", "/tmp/new", "/home/user/in/magic/tmp/new" })
        {
            await Shell.RefusedAsync(() => WriteAsync(session, path, "x", replace: true), RuntimeReasons.BadPath, RuntimeReasons.NoSuchFile);
            await Shell.RefusedAsync(() => Files.MakeFolderAsync(session, path, Soon), RuntimeReasons.BadPath, RuntimeReasons.NoSuchFile);
            await Shell.RefusedAsync(() => Files.RenameAsync(session, "/home/user/in/side", path, Soon), RuntimeReasons.BadPath, RuntimeReasons.NoSuchFile);
        }

        foreach (var path in new[] { "/home/user/in/folder/secret", "/tmp/secret", "/home/user/in/root/tmp/secret" })
        {
            await Shell.RefusedAsync(() => Files.RemoveFileAsync(session, path, Soon), RuntimeReasons.BadPath, RuntimeReasons.NoSuchFile);
            await Shell.RefusedAsync(() => Files.RenameAsync(session, path, "/home/user/in/taken", Soon), RuntimeReasons.BadPath, RuntimeReasons.NoSuchFile);
        }

        await Shell.RefusedAsync(() => Files.ListAsync(session, "/home/user/in/folder", Soon), RuntimeReasons.BadPath);
        await Shell.RefusedAsync(() => Files.RemoveFolderAsync(session, "/home/user/in/folder", withContent: true, Soon), RuntimeReasons.BadPath);
        await Shell.RefusedAsync(() => Files.RemoveFolderAsync(session, "/home/user", withContent: true, Soon), RuntimeReasons.BadPath);

        // A link is itself what is replaced and removed, never what it names.
        await WriteAsync(session, "/home/user/in/abs", "mine", replace: true);
        await Files.RemoveFileAsync(session, "/home/user/in/up", Soon);
        Assert.Equal("outside\nmineno\n", (await Runtime.RunAsync(session, "cat /tmp/secret ~/in/abs; ls ~/in/up 2>/dev/null || echo no; ls /tmp/new 2>/dev/null")).Output);
    }

    [ContractFact]
    public async Task A_folder_of_many_entries_is_listed()
    {
        var session = (await bed.SharedAsync()).Session;
        await Runtime.RunAsync(session, "mkdir ~/many; cd ~/many; seq -f file-%05g 20000 | xargs touch");
        Assert.Equal(20_000, (await Files.ListAsync(session, "/home/user/many", Soon)).Count);
    }

    private static CancellationToken Soon => RuntimeBed.Patience(30).Token;

    private async Task WriteAsync(SessionId session, string path, string text, bool replace = false)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        await Files.WriteAsync(session, path, new MemoryStream(bytes), bytes.Length, replace, Soon);
    }

    private async Task<string> ReadAsync(SessionId session, string path)
    {
        await using var file = await Files.ReadAsync(session, path, Soon);
        return await Shell.ReadToEndAsync(file.Content, Soon);
    }
}
