using StreamSpace.Runtimes.Tests.ContractSuite;

namespace StreamSpace.Runtimes.Tests.Local;

[RuntimeUnderTest("local")]
public sealed class LocalLifecycle(LocalBed bed) : LifecycleContract<LocalBed>(bed);

[RuntimeUnderTest("local")]
public sealed class LocalInside(LocalBed bed) : InsideContract<LocalBed>(bed);

[RuntimeUnderTest("local")]
public sealed class LocalWalls(LocalBed bed) : WallsContract<LocalBed>(bed)
{
    protected override IReadOnlyList<string> HostPaths => [Bed.Root];
}

[RuntimeUnderTest("local")]
public sealed class LocalHome(LocalBed bed) : HomeContract<LocalBed>(bed);
