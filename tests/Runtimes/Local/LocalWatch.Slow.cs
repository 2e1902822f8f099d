using StreamSpace.Runtimes.Tests.ContractSuite;

namespace StreamSpace.Runtimes.Tests.Local;

[RuntimeUnderTest("local")]
[Trait("Category", "Slow")]
public sealed class LocalWatch(LocalBed bed) : WatchContract<LocalBed>(bed);
