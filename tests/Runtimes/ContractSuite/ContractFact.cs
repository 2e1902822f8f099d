using StreamSpace.Tests.Shared;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace StreamSpace.Runtimes.Tests.ContractSuite;

/// <summary>Names the runtime a concrete class of the contract suite runs against: <c>local</c>, <c>docker</c>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RuntimeUnderTestAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}

/// <summary>A fact of the contract suite: skipped, with the reason, where the runtime of the concrete class is not on this machine.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("StreamSpace.Runtimes.Tests.ContractSuite.ContractFactDiscoverer", "StreamSpace.Runtimes.Tests")]
public sealed class ContractFactAttribute : FactAttribute;

public sealed class ContractFactDiscoverer(IMessageSink diagnosticMessageSink) : FactDiscoverer(diagnosticMessageSink)
{
    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        new ContractTestCase(DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod);
}

public sealed class ContractTestCase : XunitTestCase
{
    [Obsolete("For the serializer", error: true)]
    public ContractTestCase()
    {
    }

    public ContractTestCase(IMessageSink sink, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
        : base(sink, display, options, method)
    {
    }

    protected override string GetSkipReason(IAttributeInfo factAttribute)
    {
        var runtime = TestMethod.TestClass.Class.GetCustomAttributes(typeof(RuntimeUnderTestAttribute)).Single();
        return Requirements.SkipReason(runtime.GetConstructorArguments().OfType<string>().Single())!;
    }
}
