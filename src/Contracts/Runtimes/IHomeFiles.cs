namespace StreamSpace.Contracts.Runtimes;

/// <summary>
/// The files below a session's home, for people who look at them from outside. Paths are absolute inside the session and lie below <see cref="Home"/>;
/// neither <c>..</c> nor a link leads out of it, and everything happens with the rights of the session's user. Failures are <see cref="RuntimeFailure"/> with
/// <see cref="RuntimeReasons.BadPath"/>, <see cref="RuntimeReasons.NoSuchFile"/>, <see cref="RuntimeReasons.FileExists"/>, <see cref="RuntimeReasons.NoRoom"/>
/// or <see cref="RuntimeReasons.WrongState"/>.
/// </summary>
public interface IHomeFiles
{
    /// <summary>Where the home is in every session.</summary>
    const string Home = "/home/user";

    /// <summary>Most entries of one folder that are ever told.</summary>
    const int MostEntries = 100_000;

    /// <summary>Lists a folder, in no order; at most <see cref="MostEntries"/>.</summary>
    Task<IReadOnlyList<FileEntry>> ListAsync(SessionId session, string path, CancellationToken ct);

    /// <summary>Opens one plain file. The caller disposes it. A link is followed where it stays below the home.</summary>
    Task<HomeFile> ReadAsync(SessionId session, string path, CancellationToken ct);

    /// <summary>Writes one file whole; a reader sees the old content or the new one.</summary>
    /// <param name="session">The session.</param>
    /// <param name="path">The file; its folder must be there.</param>
    /// <param name="content">Everything from here to the end.</param>
    /// <param name="bytes">How much that is; if another number arrives the file is not put in place.</param>
    /// <param name="replace">False: a file of that name stays, and the write is refused.</param>
    /// <param name="ct">Ends the work; the old file stays.</param>
    Task WriteAsync(SessionId session, string path, Stream content, long bytes, bool replace, CancellationToken ct);

    /// <summary>Makes one folder in a folder that is there.</summary>
    Task MakeFolderAsync(SessionId session, string path, CancellationToken ct);

    /// <summary>Removes a file or a link, never what the link names.</summary>
    Task RemoveFileAsync(SessionId session, string path, CancellationToken ct);

    /// <summary>Removes a folder: with everything in it, or only if it is empty.</summary>
    Task RemoveFolderAsync(SessionId session, string path, bool withContent, CancellationToken ct);

    /// <summary>Gives a file or folder another path; never over something that is there.</summary>
    Task RenameAsync(SessionId session, string path, string to, CancellationToken ct);
}

/// <summary>An open file.</summary>
/// <param name="Content">From its beginning. Seekable only where the runtime can.</param>
/// <param name="Bytes">Its size when it was opened; a session may change it while it is read.</param>
/// <param name="ModifiedAt">Last change.</param>
public sealed record HomeFile(Stream Content, long Bytes, DateTimeOffset ModifiedAt) : IAsyncDisposable
{
    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Content.DisposeAsync();
}
