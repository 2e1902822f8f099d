using System.Text;
using StreamSpace.Contracts.Runtimes;

namespace StreamSpace.Runtimes.Tests.ContractSuite;

/// <summary>Terminals, output, processes, usage and files of a running session.</summary>
public abstract class InsideContract<TBed>(TBed bed) : IClassFixture<TBed> where TBed : RuntimeBed
{
    private ISessionRuntime Runtime => bed.Runtime;

    [ContractFact]
    public async Task A_program_runs_in_a_terminal_as_the_sessions_user_and_tells_its_exit_code()
    {
        var spec = await bed.SharedAsync();
        var (code, output) = await Runtime.RunAsync(spec.Session, "id -u; echo $HOME; tty >/dev/null && echo terminal; hostname; echo \"$CONTRACT_WORD\"; exit 7");
        Assert.Equal($"1000\n/home/user\nterminal\n{spec.Name}\na word with spaces\n", output);
        Assert.Equal(7, code);
    }

    [ContractFact]
    public async Task Only_a_program_that_draws_with_opengl_gets_a_display_that_can()
    {
        var with = await bed.SharedAsync();
        Assert.Equal("1\n", await GlxAsync(with));
        var without = await bed.StartAsync(bed.Spec(bed.Terminal with { OpenGl = false }));
        Assert.Equal("0\n", await GlxAsync(without));
        await Runtime.DeleteAsync(without.Session, CancellationToken.None);

        // The X server itself is asked, in its own words (QueryExtension), since not every image has a program that does.
        async Task<string> GlxAsync(LaunchSpec spec) => (await Runtime.RunAsync(spec.Session,
            "perl -e 'socket my $x, 1, 1, 0; connect $x, pack q{S a108}, 1, q{/tmp/.X11-unix/X} . substr($ENV{DISPLAY}, 1) or die $!; syswrite $x, pack q{a1 x S S S S x2}, q{l}, 11, 0, 0, 0; "
            + "sysread $x, my $h, 8; my $n = 4 * unpack q{x6 S}, $h; my $b = q{}; sysread $x, $b, $n - length $b, length $b while length $b < $n; "
            + "syswrite $x, pack q{C x S S x2 a4}, 98, 3, 3, q{GLX}; sysread $x, my $a, 32; print unpack(q{x8 C}, $a), chr 10'")).Output;
    }

    [ContractFact]
    public async Task A_login_shell_talks_and_learns_its_size()
    {
        var spec = await bed.SharedAsync();
        using var patience = RuntimeBed.Patience(30);
        await using var terminal = await Runtime.ExecAsync(
            spec.Session, new ExecSpec([], new Dictionary<string, string>(StringComparer.Ordinal) { ["EXTRA"] = "here" }, 100, 30), patience.Token);
        await terminal.Stream.WriteAsync("stty size; echo \"word-$EXTRA-$((40+2))\"\n"u8.ToArray(), patience.Token);
        var seen = await Shell.ReadUntilAsync(terminal.Stream, "word-here-42");
        Assert.Contains("30 100", seen, StringComparison.Ordinal);
        await terminal.ResizeAsync(91, 27, patience.Token);
        await terminal.Stream.WriteAsync("stty size\n"u8.ToArray(), patience.Token);
        await Shell.ReadUntilAsync(terminal.Stream, "27 91");
        await terminal.Stream.WriteAsync("exit 3\n"u8.ToArray(), patience.Token);
        await Shell.ReadToEndAsync(terminal.Stream, patience.Token);
        Assert.Equal(3, await terminal.WaitAsync(patience.Token));
    }

    [ContractFact]
    public async Task A_terminal_that_is_closed_takes_its_programs_with_it()
    {
        var spec = await bed.SharedAsync();
        using var patience = RuntimeBed.Patience(30);
        var terminal = await Runtime.ExecAsync(spec.Session, new ExecSpec(["sleep", "98765"], new Dictionary<string, string>(StringComparer.Ordinal)), patience.Token);
        await EventuallyAsync(async () => (await Runtime.ProcessesAsync(spec.Session, patience.Token)).Any(process => process.Command.Contains("98765", StringComparison.Ordinal)));
        await terminal.DisposeAsync();
        await EventuallyAsync(async () => !(await Runtime.ProcessesAsync(spec.Session, patience.Token)).Any(process => process.Command.Contains("98765", StringComparison.Ordinal)));
    }

    [ContractFact]
    public async Task Much_output_arrives_whole()
    {
        var spec = await bed.SharedAsync();
        var (code, output) = await Runtime.RunAsync(spec.Session, "i=0; while [ $i -lt 20000 ]; do echo 0123456789012345678901234567890123456789$i; i=$((i+1)); done");
        Assert.Equal(0, code);
        Assert.Equal(20001, output.Split('\n').Length);
        Assert.EndsWith("19999\n", output, StringComparison.Ordinal);
    }

    [ContractFact]
    public async Task A_program_that_does_not_exist_is_told()
    {
        var spec = await bed.SharedAsync();
        using var patience = RuntimeBed.Patience(20);
        int? code = null;
        try
        {
            await using var terminal = await Runtime.ExecAsync(spec.Session, new ExecSpec(["no-such-program"], new Dictionary<string, string>(StringComparer.Ordinal)), patience.Token);
            await Shell.ReadToEndAsync(terminal.Stream, patience.Token);
            code = await terminal.WaitAsync(patience.Token);
        }
        catch (RuntimeFailure failure)
        {
            Assert.Equal(RuntimeReasons.StartFailed, failure.Reason);
            return;
        }

        Assert.True(code is 126 or 127, $"exit code {code}");
    }

    [ContractFact]
    public async Task What_the_program_prints_is_in_the_log_and_can_be_followed()
    {
        var spec = await bed.StartAsync(bed.Spec(bed.Program("sh", "-c", "echo first line; while ! test -e /tmp/go; do sleep 0.05; done; echo second line >&2; sleep 1000")));
        await EventuallyAsync(async () => (await TailAsync(spec, 100)).Any(line => line == "first line"));
        using var patience = RuntimeBed.Patience(20);
        var followed = new List<string>();
        await Runtime.RunAsync(spec.Session, "touch /tmp/go");
        await foreach (var line in Runtime.LogsAsync(spec.Session, 1000, follow: true, patience.Token))
        {
            followed.Add(line.Text);
            if (line.Text == "second line")
                break;
        }

        Assert.True(followed.IndexOf("first line") < followed.IndexOf("second line"));
        Assert.Single(await TailAsync(spec, 1));
    }

    [ContractFact]
    public async Task Processes_and_usage_are_told()
    {
        var spec = await bed.SharedAsync();
        await Runtime.RunAsync(spec.Session, "setsid sleep 54321 >/dev/null 2>&1 </dev/null & setsid sh -c 'i=0; while [ $i -lt 3000000 ]; do i=$((i+1)); done' >/dev/null 2>&1 </dev/null & sleep 0.1");
        var before = await Runtime.UsageAsync(spec.Session, CancellationToken.None);
        await Task.Delay(1500);
        var after = await Runtime.UsageAsync(spec.Session, CancellationToken.None);
        Assert.True(after!.CpuNanoseconds > before!.CpuNanoseconds + 20_000_000, $"{before} {after}");
        Assert.InRange(after.MemoryBytes, 5L << 20, 1L << 30);
        var processes = await Runtime.ProcessesAsync(spec.Session, CancellationToken.None);
        Assert.Contains(processes, process => process.Command.Contains("54321", StringComparison.Ordinal));
        Assert.Contains(processes, process => process.Command.Contains("vnc", StringComparison.OrdinalIgnoreCase) && process.MemoryBytes > 1 << 20 && process.CpuNanoseconds > 0);
        Assert.DoesNotContain(processes, process => process.Pid == Environment.ProcessId);
    }

    [ContractFact]
    public async Task Files_are_listed_read_and_written_as_the_sessions_user()
    {
        var spec = await bed.SharedAsync();
        await Runtime.RunAsync(spec.Session, "mkdir -p ~/files/sub; printf 'from inside' > ~/files/a.txt; ln -s a.txt ~/files/link; chmod 640 ~/files/a.txt");
        var entries = (await Runtime.ListFilesAsync(spec.Session, "/home/user/files", CancellationToken.None)).OrderBy(entry => entry.Name, StringComparer.Ordinal).ToList();
        Assert.Equal(["a.txt", "link", "sub"], entries.Select(entry => entry.Name));
        Assert.Equal("/home/user/files/a.txt", entries[0].Path);
        Assert.Equal((11L, 0b110_100_000), (entries[0].Bytes, entries[0].Mode & 0x1ff));
        Assert.InRange(entries[0].ModifiedAt, TimeProvider.System.GetUtcNow().AddMinutes(-5), TimeProvider.System.GetUtcNow().AddMinutes(5));
        Assert.True(entries[1].IsLink && entries[2].IsFolder && !entries[0].IsFolder);
        Assert.Equal("from inside", await Runtime.ReadTextAsync(spec.Session, "/home/user/files/a.txt"));
        Assert.Equal("from inside", await Runtime.ReadTextAsync(spec.Session, "/home/user/files/link"));

        var big = new string('ä', 400_000);
        await Runtime.WriteTextAsync(spec.Session, "/home/user/files/b.txt", big);
        Assert.Equal(big, await Runtime.ReadTextAsync(spec.Session, "/home/user/files/b.txt"));
        await Runtime.WriteTextAsync(spec.Session, "/home/user/files/b.txt", "short");
        Assert.Equal("short 1000\n", (await Runtime.RunAsync(spec.Session, "cat ~/files/b.txt; stat -c ' %u' ~/files/b.txt")).Output);
        await Runtime.WriteTextAsync(spec.Session, "/tmp/note", "in tmp");
        Assert.Equal("in tmp", (await Runtime.RunAsync(spec.Session, "cat /tmp/note")).Output);
    }

    [ContractFact]
    public async Task No_path_and_no_link_leads_out_of_the_session()
    {
        var outside = Directory.CreateTempSubdirectory("contract-outside-").FullName;
        try
        {
            var secret = Path.Combine(outside, "secret");
            await File.WriteAllTextAsync(secret, "the host's secret");
            File.SetUnixFileMode(secret, (UnixFileMode)0b110_110_110);
            File.SetUnixFileMode(outside, (UnixFileMode)0b111_111_111);
            var spec = await bed.SharedAsync();
            await Runtime.RunAsync(spec.Session, $"mkdir -p ~/x; ln -sfn {secret} ~/x/file; ln -sfn {outside} ~/x/folder; ln -sfn / ~/x/root; ln -sfn /proc/1/root{outside} ~/x/magic; ln -sfn ../../../../..{secret} ~/x/up");
            string[] paths =
            [
                "/home/user/x/file", "/home/user/x/folder/secret", "/home/user/x/root" + secret, "/home/user/x/magic/secret", "/home/user/x/up",
                "/home/user/../../../../.." + secret, "/proc/1/root" + secret, "/proc/1/cwd" + secret, secret, "relative", "", "/home/user/\0", "/home/user/x",
            ];
            foreach (var path in paths)
                await Shell.RefusedAsync(() => Runtime.ReadTextAsync(spec.Session, path), RuntimeReasons.BadPath);
            foreach (var path in new[] { "/home/user/x/folder/new", "/home/user/../../.." + outside + "/new", "relative", "/usr/bin/new", "/etc/passwd", "/proc/sysrq-trigger", "/home/user" })
                await Shell.RefusedAsync(() => Runtime.WriteTextAsync(spec.Session, path, "owned"), RuntimeReasons.BadPath);

            // Writing to a link may replace the link or be refused; both are safe as long as nothing arrives outside.
            foreach (var path in new[] { "/home/user/x/file", "/home/user/x/up" })
                await Record.ExceptionAsync(() => Runtime.WriteTextAsync(spec.Session, path, "owned"));
            await Shell.RefusedAsync(() => Runtime.ListFilesAsync(spec.Session, "/home/user/x/folder", CancellationToken.None), RuntimeReasons.BadPath);
            Assert.Equal("the host's secret", await File.ReadAllTextAsync(secret));
            Assert.Equal(["secret"], Directory.EnumerateFileSystemEntries(outside).Select(Path.GetFileName));
        }
        finally
        {
            Directory.Delete(outside, recursive: true);
        }
    }

    [ContractFact]
    public async Task A_pipe_in_the_home_cannot_hang_the_server()
    {
        var spec = await bed.SharedAsync();
        await Runtime.RunAsync(spec.Session, "mkfifo ~/pipe; mkdir -p ~/folder");
        using var patience = RuntimeBed.Patience(10);
        await Shell.RefusedAsync(() => Runtime.ReadTextAsync(spec.Session, "/home/user/pipe"), RuntimeReasons.BadPath);
        await Shell.RefusedAsync(() => Runtime.ReadTextAsync(spec.Session, "/home/user/folder"), RuntimeReasons.BadPath);
        await Runtime.WriteFileAsync(spec.Session, "/home/user/pipe", new MemoryStream(Encoding.UTF8.GetBytes("now a file")), patience.Token);
        Assert.Equal("now a file", await Runtime.ReadTextAsync(spec.Session, "/home/user/pipe"));
    }

    private async Task<List<string>> TailAsync(LaunchSpec spec, int tail)
    {
        var lines = new List<string>();
        using var patience = RuntimeBed.Patience(10);
        await foreach (var line in Runtime.LogsAsync(spec.Session, tail, follow: false, patience.Token))
            lines.Add(line.Text);
        return lines;
    }

    private static async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        for (var i = 0; i < 100; i++)
        {
            if (await condition())
                return;
            await Task.Delay(50);
        }

        Assert.Fail("it did not come true in 5 s");
    }
}
