using System.Globalization;
using System.Net.Http;
using System.Runtime.CompilerServices;
using System.Text;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Runtimes.Docker.Engine;

namespace StreamSpace.Runtimes.Docker.Inside;

/// <summary>What a session's programs printed, out of the engine's log.</summary>
internal sealed class SessionLogs(EngineClient engine)
{
    private const int LongestLine = 16 * 1024;

    public async IAsyncEnumerable<LogLine> ReadAsync(SessionId session, int tail, bool follow, [EnumeratorCancellation] CancellationToken ct)
    {
        var path = string.Create(CultureInfo.InvariantCulture,
            $"/containers/{Names.Container(session)}/logs?stdout=1&stderr=1&timestamps=1&tail={Math.Max(0, tail)}&follow={(follow ? 1 : 0)}");
        await using var stream = await engine.StreamAsync(HttpMethod.Get, path, null, ct);
        var frames = new Frames(stream);
        var buffer = new byte[16 * 1024];
        var rests = new Dictionary<int, List<byte>>();
        while (await frames.ReadAsync(buffer, ct) is { Count: > 0 } piece)
        {
            if (!rests.TryGetValue(piece.Source, out var rest))
                rests[piece.Source] = rest = [];
            foreach (var line in Lines(rest, buffer.AsMemory(0, piece.Count)))
                yield return Parse(line);
        }

        foreach (var rest in rests.Values)
        {
            if (rest.Count > 0)
                yield return Parse(Encoding.UTF8.GetString([.. rest]));
        }
    }

    public static LogLine Parse(string line)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        return space > 0 && DateTimeOffset.TryParse(line.AsSpan(0, space), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? new(time, line[(space + 1)..].TrimEnd('\r'))
            : new(null, line.TrimEnd('\r'));
    }

    private static List<string> Lines(List<byte> rest, ReadOnlyMemory<byte> piece)
    {
        var lines = new List<string>();
        foreach (var value in piece.Span)
        {
            if (value != '\n' && rest.Count < LongestLine)
            {
                rest.Add(value);
                continue;
            }

            lines.Add(Encoding.UTF8.GetString([.. rest]));
            rest.Clear();
            if (value != '\n')
                rest.Add(value);
        }

        return lines;
    }
}
