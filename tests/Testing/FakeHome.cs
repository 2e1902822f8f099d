using System.Text;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;

namespace StreamSpace.Testing;

/// <summary>A home in which every file says "fake" and nothing that is written stays.</summary>
internal sealed class FakeHome : IHomeFiles
{
    public Task<IReadOnlyList<FileEntry>> ListAsync(SessionId session, string path, CancellationToken ct) => Task.FromResult<IReadOnlyList<FileEntry>>([]);

    public Task<HomeFile> ReadAsync(SessionId session, string path, CancellationToken ct) => Task.FromResult(new HomeFile(new MemoryStream(Encoding.UTF8.GetBytes("fake")), 4, DateTimeOffset.UnixEpoch));

    public Task WriteAsync(SessionId session, string path, Stream content, long bytes, bool replace, CancellationToken ct) => content.CopyToAsync(Stream.Null, ct);

    public Task MakeFolderAsync(SessionId session, string path, CancellationToken ct) => Task.CompletedTask;

    public Task RemoveFileAsync(SessionId session, string path, CancellationToken ct) => Task.CompletedTask;

    public Task RemoveFolderAsync(SessionId session, string path, bool withContent, CancellationToken ct) => Task.CompletedTask;

    public Task RenameAsync(SessionId session, string path, string to, CancellationToken ct) => Task.CompletedTask;
}
