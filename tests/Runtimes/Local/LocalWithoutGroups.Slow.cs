using StreamSpace.Runtimes.Tests.ContractSuite;

namespace StreamSpace.Runtimes.Tests.Local;

/// <summary>The same machine as if no control group could be made: resource limits and SIGSTOP do what they can.</summary>
public sealed class BedWithoutGroups : LocalBed
{
    protected override bool UseCgroups => false;
}

[RuntimeUnderTest("local")]
[Trait("Category", "Slow")]
public sealed class LocalLifecycleWithoutGroups(BedWithoutGroups bed) : LifecycleContract<BedWithoutGroups>(bed);

[RuntimeUnderTest("local")]
[Trait("Category", "Slow")]
public sealed class LocalWatchWithoutGroups(BedWithoutGroups bed) : WatchContract<BedWithoutGroups>(bed);
