using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Runtimes.Docker.Engine;

namespace StreamSpace.Runtimes.Docker.Inside;

/// <summary>A program with a terminal. The engine leaves the program alone when the connection goes, so closing has to end it.</summary>
internal sealed class Terminal(Execs execs, SessionId session, string id, HijackedStream stream) : IRuntimeTerminal
{
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    public Stream Stream => stream;

    public static async Task<Terminal> OpenAsync(Execs execs, SessionId session, ExecSpec spec, CancellationToken ct)
    {
        IReadOnlyList<string> command = spec.Command.Count > 0
            ? spec.Command
            : ["/bin/sh", "-c", "if [ -x /bin/bash ]; then exec /bin/bash -l; else exec /bin/sh -l; fi"];
        var mark = Guid.CreateVersion7().ToString("N");
        List<string> environment = ["TERM=xterm-256color", .. spec.Environment.Select(pair => $"{pair.Key}={pair.Value}"), $"{Execs.TerminalMark}={mark}"];
        var (id, stream) = await execs.StartAsync(session, command, environment, terminal: true, input: true, ct);
        await execs.ResizeAsync(id, spec.Columns, spec.Rows, ct);
        return new(execs, session, id, stream) { Mark = mark };
    }

    private string Mark { get; init; } = "";

    public Task ResizeAsync(int columns, int rows, CancellationToken ct) => execs.ResizeAsync(id, columns, rows, ct);

    public Task<int?> WaitAsync(CancellationToken ct) => execs.ExitCodeAsync(id, ct);

    public async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync();
        using var patience = new CancellationTokenSource(Farewell);
        try
        {
            // What a closed terminal window does: hang up on everything that was started in it.
            if (await execs.RunsAsync(id, patience.Token))
                await execs.RunAsync(session, ["/bin/sh", "-c", HangUp, "sh", $"{Execs.TerminalMark}={Mark}"], null, patience.Token);
        }
        catch (Exception e) when (e is EngineFailure or RuntimeFailure or IOException or OperationCanceledException)
        {
            // The session is frozen, full or gone; then there is nothing to hang up on, or no way to.
        }
    }

    private const string HangUp =
        "for p in /proc/[0-9]*; do if tr '\\0' '\\n' < $p/environ 2>/dev/null | grep -qxF \"$1\"; then kill -HUP ${p#/proc/} 2>/dev/null; fi; done; exit 0";
}
