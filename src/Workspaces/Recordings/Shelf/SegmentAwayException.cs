using StreamSpace.Kernel;

namespace StreamSpace.Recordings.Shelf;

/// <summary>A segment is there but cannot be had now; later it can.</summary>
/// <param name="failure">Why, for whoever asked.</param>
internal sealed class SegmentAwayException(Failure failure, Exception? inner = null) : Exception(failure.Text, inner)
{
    public Failure Failure { get; } = failure;
}
