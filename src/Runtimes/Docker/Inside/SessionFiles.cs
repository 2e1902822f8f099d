using System.Globalization;
using System.Text;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;

namespace StreamSpace.Runtimes.Docker.Inside;

/// <summary>
/// Files through programs inside the container, as its user: the kernel resolves every path in the container's own root and
/// with that user's rights, so no link and no <c>..</c> leads anywhere else. (The engine's archive calls work as root and do not see a tmpfs.)
/// </summary>
internal sealed class SessionFiles(Execs execs)
{
    private const int LongestPath = 4096;
    private const string Listing = "[ -d \"$1\" ] && [ -r \"$1\" ] && [ -x \"$1\" ] || exit 9; exec find \"$1/.\" -mindepth 1 -maxdepth 1 -printf '%f\\0%y\\0%s\\0%T@\\0%m\\0'";
    private const string Reading = "[ -f \"$1\" ] && [ -r \"$1\" ] || exit 9; exec 3< \"$1\" || exit 9; printf +; exec cat <&3";

    // Written beside its place and moved there, so that a reader sees the old file or the new one; a pipe or link in its place is replaced.
    private const string Writing =
        "d=${1%/*}; [ -d \"${d:-/}\" ] && [ -w \"${d:-/}\" ] && [ ! -d \"$1\" ] || exit 9; t=\"$1.part$$\"; "
        + "( set -C; cat > \"$t\" ) 2>/dev/null && mv -fT -- \"$t\" \"$1\" 2>/dev/null && exit 0; rm -f -- \"$t\" 2>/dev/null; exit 8";

    public async Task<IReadOnlyList<FileEntry>> ListAsync(SessionId session, string path, CancellationToken ct)
    {
        Check(path);
        var answer = await execs.RunAsync(session, ["/bin/sh", "-c", Listing, "sh", path], null, ct);
        if (answer.ExitCode is not 0)
            throw Refused(path, answer.ExitCode is 9 ? "it is no folder that may be read" : answer.Errors);
        return Parse(path, Encoding.UTF8.GetString(answer.Output));
    }

    public async Task<Stream> ReadAsync(SessionId session, string path, CancellationToken ct)
    {
        Check(path);
        var stream = await execs.OpenPipeAsync(session, ["/bin/sh", "-c", Reading, "sh", path], ct);
        try
        {
            // One byte says that the file is open; without it there is no content at all.
            var sign = new byte[1];
            if (await stream.ReadAsync(sign, ct) == 1)
                return stream;
            throw Refused(path, "it is no file that may be read");
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    public async Task WriteAsync(SessionId session, string path, Stream content, CancellationToken ct)
    {
        Check(path);
        var answer = await execs.RunAsync(session, ["/bin/sh", "-c", Writing, "sh", path], content, ct);
        if (answer.ExitCode is not 0)
            throw Refused(path, answer.ExitCode is 8 ? "there is no room, or it may not be replaced" : "its folder is missing or may not be written to");
    }

    public static IReadOnlyList<FileEntry> Parse(string folder, string listing)
    {
        var fields = listing.Split('\0');
        var entries = new List<FileEntry>(fields.Length / 5);
        for (var i = 0; i + 5 < fields.Length; i += 5)
        {
            var seconds = double.Parse(fields[i + 3], NumberStyles.Float, CultureInfo.InvariantCulture);
            entries.Add(new(
                fields[i],
                folder.TrimEnd('/') + "/" + fields[i],
                fields[i + 1] is "d",
                fields[i + 1] is "l",
                long.Parse(fields[i + 2], NumberStyles.None, CultureInfo.InvariantCulture),
                DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond)),
                Convert.ToInt32(fields[i + 4], 8)));
        }

        return entries;
    }

    private static void Check(string path)
    {
        if (path.Length is 0 or > LongestPath || path[0] != '/' || path.Contains('\0', StringComparison.Ordinal))
            throw new RuntimeFailure(RuntimeReasons.BadPath, "A path must be absolute, without NUL, and at most 4096 characters long.");
    }

    private static RuntimeFailure Refused(string path, string why) => new(RuntimeReasons.BadPath, $"{path}: {why}.");
}
