namespace StreamSpace.Rfb.Recording;

/// <summary>What a look at one segment found.</summary>
/// <param name="Error">What is wrong first.</param>
/// <param name="Header">Its header; null when that cannot be read.</param>
/// <param name="Digest">Its digest as far as it is whole.</param>
/// <param name="DurationMs">How long it plays.</param>
public sealed record SegmentReport(SegmentError Error, SegmentHeader? Header, string Digest, long DurationMs)
{
    /// <summary>True when nothing is wrong.</summary>
    public bool Whole => Error.Fault == SegmentFault.None;
}

/// <summary>Checks segments of one recording in their order: each for itself, and each against the one before.</summary>
public sealed class RecordingVerifier
{
    private SegmentReport? _before;

    /// <summary>Checks the next segment.</summary>
    public SegmentReport Add(ReadOnlyMemory<byte> segment)
    {
        var reader = new SegmentReader(segment);
        while (reader.TryRead(out _))
        {
        }
        var error = reader.Error;
        if (reader.Header is { } header && (error.Fault is SegmentFault.None or SegmentFault.Torn) && !Follows(header))
            error = new(SegmentFault.ChainBroken, 0);
        return _before = new(error, reader.Header, reader.Digest, reader.DurationMs);
    }

    /// <summary>The first that is given may be any; one with the number 1 has nothing before it.</summary>
    private bool Follows(SegmentHeader header) => _before is { Header: { } before }
        ? header.Number == before.Number + 1 && header.Recording == before.Recording && header.Session == before.Session && header.Previous == _before.Digest
        : _before is not null || (header.Number == 1) == (header.Previous is null);
}
