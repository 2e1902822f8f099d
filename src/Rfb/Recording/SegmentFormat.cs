namespace StreamSpace.Rfb.Recording;

/// <summary>What a chunk of a segment holds; the values are the letters that stand in the file.</summary>
public enum ChunkKind : byte
{
    /// <summary>The header: JSON, first and once.</summary>
    Header = (byte)'H',

    /// <summary>Bytes of the display's server. The first such chunk is ServerInit and nothing else.</summary>
    Display = (byte)'D',

    /// <summary>Something that happened beside the picture: JSON.</summary>
    Event = (byte)'E',

    /// <summary>Nothing happened, and the recorder was there.</summary>
    Tick = (byte)'T',

    /// <summary>The index: JSON, right before the end.</summary>
    Index = (byte)'I',

    /// <summary>The end: JSON, last and once.</summary>
    End = (byte)'Z',
}

/// <summary>Numbers of the segment file; the document is docs/recording-format.md.</summary>
public static class SegmentFormat
{
    /// <summary>The version that this library writes.</summary>
    public const int Version = 1;

    /// <summary>Bytes before a chunk's content: kind, time, length.</summary>
    public const int HeadLength = 9;

    /// <summary>Bytes of the check behind a chunk's content.</summary>
    public const int CheckLength = 8;

    /// <summary>Most bytes of one display chunk.</summary>
    public const int MostDisplayBytes = 1024 * 1024;

    /// <summary>Most bytes of any other chunk.</summary>
    public const int MostOtherBytes = 256 * 1024;

    /// <summary>Most events that one segment keeps; further ones are only counted.</summary>
    public const int MostEvents = 2000;

    /// <summary>Most seconds of one segment that the index tells apart.</summary>
    public const int MostSeconds = 600;

    /// <summary>The first eight bytes of a file.</summary>
    public static ReadOnlySpan<byte> Magic => "SSREC\x01\r\n"u8;

    /// <summary>Most bytes of a chunk of this kind; 0 for a kind that does not exist.</summary>
    public static int MostBytes(ChunkKind kind) => kind switch
    {
        ChunkKind.Display => MostDisplayBytes,
        ChunkKind.Header or ChunkKind.Event or ChunkKind.Tick or ChunkKind.Index or ChunkKind.End => MostOtherBytes,
        _ => 0,
    };
}
