using System.CommandLine;
using System.Globalization;
using System.Net;
using StreamSpace.Cli.Logins;
using StreamSpace.Cli.Output;
using StreamSpace.Client;
using StreamSpace.Rfb.Recording;

namespace StreamSpace.Cli.Commands;

/// <summary>Recordings: list, download, and verify without any server.</summary>
internal static class RecordingCommands
{
    public static Command Create(CliTerminal terminal) => new("recording", "Recordings of sessions") { List(terminal), Download(terminal), Verify(terminal) };

    private static Command List(CliTerminal terminal)
    {
        var state = new Option<string?>("--state") { Description = "Only those that are recording, ended or deleted", HelpName = "state" };
        var owner = new Option<string?>("--owner") { Description = "Only those of this person", HelpName = "username" };
        var text = new Option<string?>("--text") { Description = "Part of a session's, template's or person's name", HelpName = "text" };
        var limit = new Option<int>("--limit") { Description = "At most this many", HelpName = "number", DefaultValueFactory = _ => 200 };
        var command = new Command("list", "List recordings, newest first") { state, owner, text, limit };
        command.SetAction(async (parsed, ct) =>
        {
            using var client = Connection.Open(parsed, terminal);
            List<Recording> found = [];
            string? cursor = null;
            do
            {
                var page = await client.Recordings.ListAsync(
                    parsed.GetValue(state), parsed.GetValue(owner), parsed.GetValue(text), cursor, Math.Clamp(parsed.GetValue(limit) - found.Count, 1, 200), ct);
                found.AddRange(page.Items);
                cursor = page.NextCursor;
            }
            while (cursor is not null && found.Count < parsed.GetValue(limit));
            Answer.Write(parsed, terminal, found, () => Table(terminal, found));
            return ExitCode.Done;
        });
        return command;
    }

    private static void Table(CliTerminal terminal, List<Recording> found)
    {
        if (found.Count == 0)
        {
            terminal.Error.WriteLine("No recording.");
            return;
        }

        Answer.Table(terminal, ["Id", "Session", "Owner", "State", "Length", "Size", "Started"], found.Select(r => new[]
        {
            r.Id, r.SessionName, r.Owner?.Username ?? "", r.Held ? r.State + " (held)" : r.State, Length(r.DurationMs),
            string.Create(CultureInfo.InvariantCulture, $"{r.Bytes / 1048576.0:0.0} MiB"), Words.Ago(r.StartedAt, terminal.Clock),
        }));
    }

    private static Command Download(CliTerminal terminal)
    {
        var recording = new Argument<string>("recording") { Description = "Id of the recording" };
        var into = new Option<string?>("--into") { Description = "Folder for the files; made if need be", HelpName = "folder" };
        var command = new Command("download", "Download a recording's segments and check them") { recording, into };
        command.SetAction(async (parsed, ct) =>
        {
            using var client = Connection.Open(parsed, terminal);
            var id = parsed.GetRequiredValue(recording);
            var segments = await client.Recordings.SegmentsAsync(id, ct);
            var folder = parsed.GetValue(into) ?? "recording-" + id;
            Directory.CreateDirectory(folder);
            var verifier = new RecordingVerifier();
            var whole = true;
            foreach (var segment in segments)
            {
                var bytes = await PatientlyAsync(() => client.Recordings.DownloadAsync(id, segment.Number, ct), terminal, ct);
                var path = Path.Combine(folder, segment.Number.ToString("D6", CultureInfo.InvariantCulture) + ".ssrec");
                await File.WriteAllBytesAsync(path, bytes, ct);
                var report = verifier.Add(bytes);
                // The last one may still be written; then it ends where it was when it was asked for.
                var open = segment.Digest is null && report.Error.Fault == SegmentFault.Torn;
                var good = open || (report.Whole && (segment.Digest is null || segment.Digest == report.Digest));
                whole &= good;
                await terminal.Out.WriteLineAsync($"{path}  {Length(report.DurationMs)}  {(good ? open ? "still being written" : "whole" : report.Whole ? "Not the segment that the server wrote." : report.Error.ToString())}");
            }

            return whole ? ExitCode.Done : ExitCode.Failure;
        });
        return command;
    }

    /// <summary>A long recording has more segments than somebody may ask for in a minute; and one may not be uploaded yet, or the store be away for a moment.</summary>
    private static async Task<byte[]> PatientlyAsync(Func<Task<byte[]>> download, CliTerminal terminal, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await download();
            }
            catch (ClientFailure failure) when (failure.Status is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable && attempt < 5)
            {
                await Task.Delay(failure.RetryAfter ?? TimeSpan.FromSeconds(10), terminal.Clock, ct);
            }
        }
    }

    private static Command Verify(CliTerminal terminal)
    {
        var files = new Argument<string[]>("file") { Description = "Downloaded segments of one recording, in order", Arity = ArgumentArity.OneOrMore };
        var command = new Command("verify", "Check downloaded segments of a recording, without a server") { files };
        command.SetAction(async (parsed, ct) =>
        {
            var verifier = new RecordingVerifier();
            var broken = 0;
            foreach (var file in parsed.GetRequiredValue(files))
            {
                var report = verifier.Add(await File.ReadAllBytesAsync(file, ct));
                if (!report.Whole)
                    broken++;
                await terminal.Out.WriteLineAsync($"{file}  {(report.Header is { } header ? string.Create(CultureInfo.InvariantCulture, $"segment {header.Number}  {Length(report.DurationMs)}  ") : "")}{(report.Whole ? "whole" : report.Error)}");
            }

            if (broken == 0)
                return ExitCode.Done;
            await terminal.Error.WriteLineAsync(broken == 1 ? "One file is not as it was written." : $"{broken} files are not as they were written.");
            return ExitCode.Failure;
        });
        return command;
    }

    private static string Length(long ms) => string.Create(CultureInfo.InvariantCulture, $"{ms / 60_000}:{ms / 1000 % 60:00}.{ms / 100 % 10}");
}
