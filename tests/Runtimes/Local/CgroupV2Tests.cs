using System.Diagnostics;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Runtimes.Local.Limits;
using StreamSpace.Runtimes.Local.Native;
using StreamSpace.Tests.Shared;

namespace StreamSpace.Runtimes.Tests.Local;

/// <summary>The unified hierarchy as far as it goes without controllers: joining, freezing, killing, removing.</summary>
public sealed class CgroupV2Tests
{
    [RequiresFact("cgroup2", "root")]
    public async Task A_group_freezes_thaws_and_takes_its_processes_with_it()
    {
        var mount = File.ReadLines("/proc/self/mountinfo").First(line => line.Contains(" - cgroup2 ", StringComparison.Ordinal)).Split(' ')[4];
        var folder = Path.Combine(mount, $"streamspace-test-{Guid.CreateVersion7():N}");
        var group = new CgroupV2(folder);
        group.Apply(new ResourceLimits(1000, 1 << 30, 1 << 30));
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"echo $$ > {group.JoinFiles.Single()}; while :; do sleep 0.01; done"]) { UseShellExecute = false })!;
        await ControlFile.BecomesAsync(() => group.Pids()!.Count > 0, TimeSpan.FromSeconds(5), CancellationToken.None);

        Assert.False(group.IsFrozen);
        await group.FreezeAsync(CancellationToken.None);
        Assert.True(group.IsFrozen);
        var ticks = ProcessStatus.Read(process.Id)!.CpuTicks;
        await Task.Delay(200);
        Assert.Equal(ticks, ProcessStatus.Read(process.Id)!.CpuTicks);
        await group.ThawAsync(CancellationToken.None);
        Assert.False(group.IsFrozen);

        await group.FreezeAsync(CancellationToken.None);
        await group.RemoveAsync(CancellationToken.None);
        Assert.False(Directory.Exists(folder));
        await process.WaitForExitAsync();
        Assert.Equal(137, process.ExitCode);
    }
}
