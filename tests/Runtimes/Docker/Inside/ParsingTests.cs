using StreamSpace.Runtimes.Docker.Engine;
using StreamSpace.Runtimes.Docker.Inside;

namespace StreamSpace.Runtimes.Docker.Tests.Inside;

public sealed class ParsingTests
{
    [Fact]
    public void A_listing_survives_names_with_line_ends()
    {
        var entries = SessionFiles.Parse("/home/user/", "a\nb\0f\05\01700000000.5\0644\0sub\0d\04096\01700000001.0\0755\0l\0l\03\01700000002.0\0777\0");
        Assert.Equal(["a\nb", "sub", "l"], entries.Select(entry => entry.Name));
        Assert.Equal(("/home/user/a\nb", 5L, 0b110_100_100), (entries[0].Path, entries[0].Bytes, entries[0].Mode));
        Assert.Equal(DateTimeOffset.UnixEpoch.AddSeconds(1700000000.5), entries[0].ModifiedAt);
        Assert.True(entries[1].IsFolder && entries[2].IsLink);
        Assert.Empty(SessionFiles.Parse("/", ""));
    }

    [Fact]
    public void A_line_of_output_has_its_time_when_the_engine_gave_one()
    {
        var line = SessionLogs.Parse("2026-11-21T08:01:02.123456789Z hello world\r");
        Assert.Equal(("hello world", 2026), (line.Text, line.Time?.Year));
        Assert.Equal((null, "hello"), (SessionLogs.Parse("hello").Time, SessionLogs.Parse("hello").Text));
    }

    [Fact]
    public void Cache_that_nobody_uses_is_no_memory()
    {
        var stats = new ContainerStats(
            null, new(new(5_000_000)), new(1000, new(StringComparer.Ordinal) { ["total_inactive_file"] = 300 }), new(7, 100),
            new(StringComparer.Ordinal) { ["eth0"] = new(10, 20), ["eth1"] = new(1, 2) });
        var usage = SessionLoad.Parse(stats);
        Assert.Equal((5_000_000L, 700L, 11L, 22L, 7), (usage.CpuNanoseconds, usage.MemoryBytes, usage.NetworkReceivedBytes!.Value, usage.NetworkSentBytes!.Value, usage.Processes!.Value));
    }

    [Theory]
    [InlineData(99, 0)]
    [InlineData(100, 1)]
    public void On_another_machine_a_session_at_its_limit_of_processes_counts_as_refused_once(int now, long refused) =>
        Assert.Equal(refused, SessionLoad.Parse(new ContainerStats("of-no-container", null, null, new((ulong)now, 100), null)).ProcessesRefused);

    [Fact]
    public void Young_processes_have_cpu_time_too()
    {
        var processes = SessionLoad.Parse(new ContainerTop(["PID"], [["12", "1", "0", "6.4", "2", "75152", "Xtigervnc :1 -geometry 1280x800"], ["short"]]));
        Assert.Equal((12, 1, 75152L * 1024), (processes[0].Pid, processes[0].Parent, processes[0].MemoryBytes));
        Assert.InRange(processes[0].CpuNanoseconds, 100_000_000, 200_000_000);
        Assert.Single(processes);
    }
}
