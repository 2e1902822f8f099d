namespace StreamSpace.Rfb.Recording;

/// <summary>What is wrong with a segment.</summary>
public enum SegmentFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The file does not begin as a segment does.</summary>
    NotASegment,

    /// <summary>The file ends before its end: it was torn, or it is still being written.</summary>
    Torn,

    /// <summary>A kind of chunk that does not exist, or not here.</summary>
    UnexpectedChunk,

    /// <summary>A chunk announces more bytes than its kind may have.</summary>
    TooLong,

    /// <summary>A chunk is earlier than the one before.</summary>
    TimeWentBack,

    /// <summary>A chunk, or one before it, is not what was written.</summary>
    CheckFailed,

    /// <summary>A chunk's content is not what its kind has.</summary>
    BadContent,

    /// <summary>Bytes behind the end.</summary>
    BehindTheEnd,

    /// <summary>The segment does not follow the one before it.</summary>
    ChainBroken,
}

/// <summary>What is wrong, and at which byte of the file.</summary>
/// <param name="Fault">What.</param>
/// <param name="Offset">Where the chunk begins that is wrong.</param>
public readonly record struct SegmentError(SegmentFault Fault, long Offset)
{
    /// <summary>One sentence.</summary>
    public override string ToString() => Fault switch
    {
        SegmentFault.None => "Whole.",
        SegmentFault.NotASegment => "This is not a segment of a recording.",
        SegmentFault.Torn => $"The file ends at byte {Offset} without an end mark.",
        SegmentFault.UnexpectedChunk => $"The chunk at byte {Offset} is of a kind that cannot stand there.",
        SegmentFault.TooLong => $"The chunk at byte {Offset} announces more bytes than it may have.",
        SegmentFault.TimeWentBack => $"The chunk at byte {Offset} is earlier than the one before it.",
        SegmentFault.CheckFailed => $"The chunk at byte {Offset} is not what was written.",
        SegmentFault.BadContent => $"The chunk at byte {Offset} cannot be understood.",
        SegmentFault.BehindTheEnd => $"Bytes stand behind the end mark, from byte {Offset}.",
        _ => "The segment does not follow the one before it.",
    };
}
