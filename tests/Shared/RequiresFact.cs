namespace StreamSpace.Tests.Shared;

/// <summary>A fact that needs parts of the machine, see <see cref="Requirements"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresFactAttribute : FactAttribute
{
    public RequiresFactAttribute(params string[] parts)
    {
        Parts = parts;
        Skip = Requirements.SkipReason(parts);
    }

    public IReadOnlyList<string> Parts { get; }
}

/// <summary>A theory that needs parts of the machine, see <see cref="Requirements"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresTheoryAttribute : TheoryAttribute
{
    public RequiresTheoryAttribute(params string[] parts)
    {
        Parts = parts;
        Skip = Requirements.SkipReason(parts);
    }

    public IReadOnlyList<string> Parts { get; }
}
