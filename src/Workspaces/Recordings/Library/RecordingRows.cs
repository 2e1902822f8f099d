using StreamSpace.Contracts;

namespace StreamSpace.Recordings.Library;

/// <summary>What a list and a timeline need of a segment; its pictures lie in a file.</summary>
internal sealed class SegmentRow
{
    public RecordingId RecordingId { get; init; }

    public int Number { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    public long DurationMs { get; set; }

    /// <summary>Of the plain segment.</summary>
    public long Bytes { get; set; }

    public int Width { get; init; }

    public int Height { get; init; }

    /// <summary>Null while it is written.</summary>
    public string? Digest { get; set; }

    public string? EndReason { get; set; }

    public long[] Activity { get; set; } = [];

    public int[] Input { get; set; } = [];

    /// <summary>JSON list of <c>at</c> and <c>type</c>.</summary>
    public string Events { get; set; } = "[]";

    /// <summary>local or s3: where its file lies. Both while an uploaded one's local file is about to go; s3 counts then.</summary>
    public string Stored { get; init; } = "local";

    /// <summary>The directory that its local file lies in; null in rows from before directories had ids.</summary>
    public Guid? Shelf { get; init; }

    /// <summary>How often it was tried to upload it.</summary>
    public int UploadAttempts { get; init; }

    /// <summary>Not tried again before.</summary>
    public DateTimeOffset? UploadAfter { get; init; }

    /// <summary>The process that uploads it now.</summary>
    public string? UploadBy { get; init; }

    /// <summary>That process is given up then.</summary>
    public DateTimeOffset? UploadUntil { get; init; }

    /// <summary>Why it could not be uploaded the last time.</summary>
    public string? UploadError { get; init; }

    public DateTimeOffset? UploadFailedAt { get; init; }
}

/// <summary>An object in the store whose segment was deleted. There may be none; then it is removed all the same.</summary>
internal sealed class Removal
{
    public RecordingId RecordingId { get; init; }

    public int Number { get; init; }

    /// <summary>An upload that was on its way is over by then.</summary>
    public DateTimeOffset NotBefore { get; init; }

    public int Attempts { get; init; }

    public string? Error { get; init; }

    public DateTimeOffset? FailedAt { get; init; }
}

/// <summary>Who did what with a recording.</summary>
internal sealed class AccessRow
{
    public long Id { get; init; }

    public RecordingId RecordingId { get; init; }

    public DateTimeOffset At { get; init; }

    public UserId? UserId { get; init; }

    public string UserName { get; init; } = "";

    /// <summary>viewed, downloaded, exported, asked, approved, denied, stopped, held, released or deleted.</summary>
    public string Action { get; init; } = "";

    public string? Address { get; init; }

    public string? Reason { get; init; }
}

/// <summary>What another replica saw of a session that is recorded elsewhere.</summary>
internal sealed class SideNote
{
    public long Id { get; init; }

    public RecordingId RecordingId { get; init; }

    public string Note { get; init; } = "";
}
