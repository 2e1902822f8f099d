using System.Globalization;
using System.Text;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;

namespace StreamSpace.Runtimes.Docker.Inside;

/// <summary>
/// Files below a session's home, through short programs inside the container as its user. Each goes into the folder by its real path, looks whether
/// that lies below the home, and works on the last name from there.
/// </summary>
internal sealed class HomeFiles(Execs execs) : IHomeFiles
{
    private const int LongestPath = 4096;
    private const int Outside = 31, Missing = 32, Exists = 33, Kind = 34, Forbidden = 35, Failed = 36;

    // enter FOLDER: stands in it afterwards. split PATH: stands in its folder, its last name in $n.
    private const string Prologue =
        "H=$(cd -P /home/user && pwd -P) || exit 36; "
        + "inside() { case \"$1/\" in \"$H\"/*) ;; *) exit 31;; esac; }; "
        + "enter() { [ -e \"$1\" ] || exit 32; [ -d \"$1\" ] || exit 34; inside \"$(readlink -f -- \"$1\")\"; cd -P -- \"$1\" 2>/dev/null || exit 35; inside \"$(pwd -P)\"; }; "
        + "split() { n=./${1##*/}; enter \"${1%/*}\"; }; "
        + "there() { [ -e \"$1\" ] || [ -L \"$1\" ]; }; ";

    private const string Listing = Prologue + "enter \"$1\"; [ -r . ] || exit 35; exec find . -mindepth 1 -maxdepth 1 -printf '%f\\0%y\\0%s\\0%T@\\0%m\\0'";

    private const string Reading = Prologue
        + "split \"$1\"; there \"$n\" || exit 32; r=$(readlink -f -- \"$n\") || exit 32; inside \"$r\"; [ -f \"$n\" ] || exit 34; exec 3< \"$n\" || exit 35; "
        + "stat -L -c '+%s %Y' /proc/self/fd/3; exec cat <&3";

    // Written beside its place and moved there when it is whole, so that a reader sees the old file or the new one.
    private const string Writing = Prologue
        + "split \"$1\"; [ -d \"$n\" ] && exit 33; [ \"$3\" = replace ] || ! there \"$n\" || exit 33; [ -w . ] || exit 35; t=./.upload.$$.part; "
        + "( set -C; cat > \"$t\" ) 2>/dev/null && [ \"$(stat -c %s -- \"$t\")\" = \"$2\" ] || { rm -f -- \"$t\"; exit 36; }; "
        + "if [ \"$3\" = replace ]; then mv -fT -- \"$t\" \"$n\" 2>/dev/null && exit 0; rm -f -- \"$t\"; exit 35; fi; "
        + "ln -T -- \"$t\" \"$n\" 2>/dev/null; c=$?; rm -f -- \"$t\"; [ $c = 0 ] || exit 33";

    private const string Making = Prologue + "split \"$1\"; there \"$n\" && exit 33; mkdir -- \"$n\" 2>/dev/null || exit 35";

    private const string RemovingFile = Prologue + "split \"$1\"; there \"$n\" || exit 32; [ ! -d \"$n\" ] || [ -L \"$n\" ] || exit 34; rm -f -- \"$n\" 2>/dev/null || exit 35";

    private const string RemovingFolder = Prologue
        + "split \"$1\"; there \"$n\" || exit 32; [ -d \"$n\" ] && [ ! -L \"$n\" ] || exit 34; "
        + "if [ \"$2\" = all ]; then rm -rf -- \"$n\" 2>/dev/null || exit 35; else rmdir -- \"$n\" 2>/dev/null || { [ -w . ] && exit 33; exit 35; }; fi";

    private const string Renaming = Prologue
        + "split \"$2\"; there \"$n\" && exit 33; [ -w . ] || exit 35; exec 3< .; m=$n; split \"$1\"; there \"$n\" || exit 32; "
        + "mv -nT -- \"$n\" \"/proc/$$/fd/3/$m\" 2>/dev/null || exit 34; there \"$n\" && exit 33; exit 0";

    public async Task<IReadOnlyList<FileEntry>> ListAsync(SessionId session, string path, CancellationToken ct)
    {
        var listing = await RunAsync(session, Listing, path, [], null, ct);
        var entries = SessionFiles.Parse(path, Encoding.UTF8.GetString(listing));
        return entries.Count <= IHomeFiles.MostEntries ? entries : [.. entries.Take(IHomeFiles.MostEntries)];
    }

    public Task<HomeFile> ReadAsync(SessionId session, string path, CancellationToken ct) => DockerRuntime.Told(async () =>
    {
        var (id, hijacked) = await execs.StartAsync(session, ["/bin/sh", "-c", Reading, "sh", Checked(path)], [], terminal: false, input: false, ct);
        var stream = new PipeStream(hijacked);
        try
        {
            // One line says that the file is open, and how large it is; without it there is no content at all.
            var line = await ReadLineAsync(stream, ct);
            if (line.Split(' ') is [['+', .. var size], var time])
            {
                return new HomeFile(
                    stream, long.Parse(size, CultureInfo.InvariantCulture), DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(long.Parse(time, CultureInfo.InvariantCulture), -60_000_000_000, 250_000_000_000)));
            }

            throw Refused(path, await execs.ExitCodeAsync(id, ct));
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    });

    public Task WriteAsync(SessionId session, string path, Stream content, long bytes, bool replace, CancellationToken ct) =>
        RunAsync(session, Writing, path, [bytes.ToString(CultureInfo.InvariantCulture), replace ? "replace" : "new"], content, ct);

    public Task MakeFolderAsync(SessionId session, string path, CancellationToken ct) => RunAsync(session, Making, path, [], null, ct);

    public Task RemoveFileAsync(SessionId session, string path, CancellationToken ct) => RunAsync(session, RemovingFile, path, [], null, ct);

    public Task RemoveFolderAsync(SessionId session, string path, bool withContent, CancellationToken ct) =>
        RunAsync(session, RemovingFolder, path, [withContent ? "all" : "empty"], null, ct);

    public Task RenameAsync(SessionId session, string path, string to, CancellationToken ct) => RunAsync(session, Renaming, path, [Checked(to)], null, ct);

    private Task<byte[]> RunAsync(SessionId session, string program, string path, string[] more, Stream? input, CancellationToken ct) => DockerRuntime.Told(async () =>
    {
        var answer = await execs.RunAsync(session, ["/bin/sh", "-c", program, "sh", Checked(path), .. more], input, ct);
        return answer.ExitCode is 0 ? answer.Output : throw Refused(path, answer.ExitCode);
    });

    private static async Task<string> ReadLineAsync(PipeStream stream, CancellationToken ct)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (line.Length < 60 && await stream.ReadAsync(one.AsMemory(), ct) == 1 && one[0] != '\n')
            line.Append((char)one[0]);
        return line.ToString();
    }

    private static string Checked(string path) =>
        path.Length <= LongestPath && !path.Contains('\0', StringComparison.Ordinal) && (path == IHomeFiles.Home || path.StartsWith(IHomeFiles.Home + '/', StringComparison.Ordinal))
            ? path
            : throw new RuntimeFailure(RuntimeReasons.BadPath, "A path must lie below the home, without NUL, and at most 4096 characters long.");

    private static RuntimeFailure Refused(string path, int? code) => code switch
    {
        Outside => new(RuntimeReasons.BadPath, $"{path} leads out of the home."),
        Missing => new(RuntimeReasons.NoSuchFile, $"{path} does not exist."),
        Exists => new(RuntimeReasons.FileExists, $"{path} is there already, or is not empty."),
        Kind => new(RuntimeReasons.BadPath, $"{path} is not the kind of file that this is for."),
        Forbidden => new(RuntimeReasons.BadPath, $"{path} may not be used by the session's user."),
        Failed => new(RuntimeReasons.NoRoom, $"{path} could not be written whole."),
        _ => new(RuntimeReasons.BadPath, $"{path} cannot be used ({code?.ToString(CultureInfo.InvariantCulture) ?? "no answer"})."),
    };
}
