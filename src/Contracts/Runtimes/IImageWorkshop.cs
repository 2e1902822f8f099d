namespace StreamSpace.Contracts.Runtimes;

/// <summary>One clause of the image contract and how an image did.</summary>
/// <param name="Clause">Short stable name: <c>present</c>, <c>display</c>, <c>password</c>, <c>geometry</c>, <c>picture</c>, <c>user</c>, <c>tools</c>, <c>ending</c>.</param>
/// <param name="Passed">Whether it holds.</param>
/// <param name="Text">What was seen, with figures; when it failed, what to change.</param>
public sealed record ImageFinding(string Clause, bool Passed, string Text);

/// <summary>Makes and checks images. Answered by the runtime that runs images; there is none where no such runtime is on.</summary>
public interface IImageWorkshop
{
    /// <summary>Builds an image of our own recipes anew, telling how far it is until it is done.</summary>
    /// <exception cref="RuntimeFailure"><see cref="RuntimeReasons.ImageBuildFailed"/>: there is no such recipe, or its build failed.</exception>
    IAsyncEnumerable<LaunchProgress> BuildAsync(string recipe, CancellationToken ct);

    /// <summary>Runs an image the way a session would; one finding per clause of the image contract, stopping early when the rest cannot be checked.</summary>
    /// <exception cref="RuntimeFailure"><see cref="RuntimeReasons.RuntimeLost"/>: the engine does not answer.</exception>
    IAsyncEnumerable<ImageFinding> CheckAsync(string image, CancellationToken ct);
}
