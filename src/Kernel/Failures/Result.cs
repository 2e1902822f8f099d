using System.Diagnostics.CodeAnalysis;

namespace StreamSpace.Kernel;

/// <summary>A value, or the expected failure that stood in its way.</summary>
public readonly struct Result<T>
{
    private readonly T? value;

    private Result(T value)
    {
        this.value = value;
        Ok = true;
    }

    private Result(Failure failure) => Failure = failure;

    /// <summary>True when there is a value.</summary>
    [MemberNotNullWhen(false, nameof(Failure))]
    public bool Ok { get; }

    /// <summary>The failure; null when <see cref="Ok"/>.</summary>
    public Failure? Failure { get; }

    /// <summary>The value; reading it after a failure is a bug.</summary>
    public T Value => Ok ? value! : throw new InvalidOperationException($"No value: {Failure?.Code}");

    /// <summary>A success, where T is an interface: C# converts those never implicitly.</summary>
    public static Result<T> From(T value) => new(value);

    /// <summary>A success.</summary>
    public static implicit operator Result<T>(T value) => new(value);

    /// <summary>A failure.</summary>
    public static implicit operator Result<T>(Failure failure) => new(failure);
}
