using StreamSpace.Runtimes.Tests.ContractSuite;

namespace StreamSpace.Runtimes.Docker.Tests;

[RuntimeUnderTest("docker")]
[Trait("Category", "Slow")]
public sealed class DockerLifecycleTests(DockerBed bed) : LifecycleContract<DockerBed>(bed);

[RuntimeUnderTest("docker")]
[Trait("Category", "Slow")]
public sealed class DockerInsideTests(DockerBed bed) : InsideContract<DockerBed>(bed);

[RuntimeUnderTest("docker")]
[Trait("Category", "Slow")]
public sealed class DockerWallsTests(DockerBed bed) : WallsContract<DockerBed>(bed)
{
    protected override IReadOnlyList<string> HostPaths => ["/var/lib/docker"];
}

[RuntimeUnderTest("docker")]
[Trait("Category", "Slow")]
public sealed class DockerWatchTests(DockerBed bed) : WatchContract<DockerBed>(bed);

[RuntimeUnderTest("docker")]
[Trait("Category", "Slow")]
public sealed class DockerHomeTests(DockerBed bed) : HomeContract<DockerBed>(bed);
