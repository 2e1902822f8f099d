using System.Diagnostics;
using System.Globalization;
using StreamSpace.Kernel;

namespace StreamSpace.Recordings.Exports;

/// <summary>Finds the program that makes films, and says in the server's health when there is none.</summary>
internal sealed class Ffmpeg(RecordingsOptions options) : IHealthPart
{
    private static readonly string[] Folders = ["/usr/local/bin", "/usr/bin", "/bin"];

    public string Name => "recordings.export";

    /// <summary>Where it is; null when it is not installed. Looked up each time: it may be installed while the server runs.</summary>
    public string? Program => options.Ffmpeg.StartsWith('/')
        ? File.Exists(options.Ffmpeg) ? options.Ffmpeg : null
        : Folders.Select(folder => Path.Combine(folder, options.Ffmpeg)).FirstOrDefault(File.Exists);

    public Task<string?> ProblemAsync(CancellationToken ct) =>
        Task.FromResult(Program is null ? $"Recordings cannot be exported: the program {options.Ffmpeg} is not installed (Debian and Ubuntu: apt-get install ffmpeg)." : null);
}

/// <summary>
/// One run of ffmpeg: takes pictures (width x height pixels of 4 bytes: blue, green, red, unused), makes VP9 in WebM. It runs niced with one thread, beside live sessions. Its file loses its
/// name before anything is in it: whatever happens to either process, no readable film is left behind.
/// </summary>
internal sealed class FilmEncoder : IAsyncDisposable
{
    private const string NamelessFile = "exec 3<>\"$1\"; rm -f -- \"$1\"; shift; exec nice -n 10 \"$@\"";
    private const int MostWords = 4000;
    private readonly Process _process;
    private readonly FileStream _film;
    private readonly Task<string> _words;

    private FilmEncoder(Process process, FileStream film)
    {
        (_process, _film) = (process, film);
        _words = ReadWordsAsync(process.StandardError);
    }

    /// <summary>Where pictures go.</summary>
    public Stream Pictures => _process.StandardInput.BaseStream;

    public static FilmEncoder Start(string program, string scratch, int width, int height, int framesPerSecond)
    {
        var film = new FileStream(scratch, new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0, Options = FileOptions.Asynchronous,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        try
        {
            var start = new ProcessStartInfo("/bin/sh", ["-c", NamelessFile, "sh", scratch, program, .. Orders(width, height, framesPerSecond)])
            {
                RedirectStandardInput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = "/",
            };
            start.Environment.Clear(); // the server's environment holds secrets that a decoder of pictures has no use for
            start.Environment["PATH"] = "/usr/local/bin:/usr/bin:/bin";
            return new(Process.Start(start) ?? throw new IOException("sh did not start"), film);
        }
        catch
        {
            film.Dispose();
            File.Delete(scratch);
            throw;
        }
    }

    /// <summary>Ends the film.</summary>
    /// <returns>The whole film, at its beginning, valid until this is disposed; or what the encoder said when it failed.</returns>
    public async Task<(Stream? Film, string Words)> FinishAsync(CancellationToken ct)
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It went away before; the exit code tells.
        }
        await _process.WaitForExitAsync(ct);
        var words = await _words.WaitAsync(ct);
        _film.Position = 0;
        return _process.ExitCode == 0 && _film.Length > 0 ? (_film, words) : (null, words);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_process.HasExited)
                _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }
        finally
        {
            _process.Dispose();
            await _film.DisposeAsync();
        }
    }

    // The colours are named, so that no player has to guess; screens are mostly still, so the quality is set and not the bits.
    private static string[] Orders(int width, int height, int framesPerSecond) =>
    [
        "-hide_banner", "-loglevel", "error", "-nostdin", "-y",
        "-f", "rawvideo", "-pixel_format", "bgr0", "-video_size", string.Create(CultureInfo.InvariantCulture, $"{width}x{height}"),
        "-framerate", framesPerSecond.ToString(CultureInfo.InvariantCulture), "-i", "pipe:0", "-an", "-threads", "1",
        "-vf", "scale=out_color_matrix=bt709:out_range=tv", "-pix_fmt", "yuv420p", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv",
        "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-tune-content", "screen", "-b:v", "0", "-crf", "30", "-g", (10 * framesPerSecond).ToString(CultureInfo.InvariantCulture),
        "-f", "webm", "file:/proc/self/fd/3",
    ];

    private static async Task<string> ReadWordsAsync(StreamReader words)
    {
        var kept = new char[MostWords];
        var length = 0;
        var more = new char[1024];
        try
        {
            for (int got; (got = await words.ReadAsync(more)) > 0;)
            {
                var part = Math.Min(got, kept.Length - length);
                more.AsSpan(0, part).CopyTo(kept.AsSpan(length));
                length += part;
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // It was ended.
        }
        return new(kept, 0, length);
    }
}
