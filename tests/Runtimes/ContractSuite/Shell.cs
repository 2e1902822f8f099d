using System.Text;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;

namespace StreamSpace.Runtimes.Tests.ContractSuite;

/// <summary>Runs shell lines inside a session through the runtime's own terminals.</summary>
internal static class Shell
{
    public static async Task<(int? ExitCode, string Output)> RunAsync(this ISessionRuntime runtime, SessionId session, string script, int seconds = 20)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        await using var terminal = await runtime.ExecAsync(
            session, new ExecSpec(["/bin/sh", "-c", script], new Dictionary<string, string>(StringComparer.Ordinal)), patience.Token);
        var output = await ReadToEndAsync(terminal.Stream, patience.Token);
        return (await terminal.WaitAsync(patience.Token), output.Replace("\r\n", "\n", StringComparison.Ordinal));
    }

    public static async Task<string> ReadToEndAsync(Stream stream, CancellationToken ct)
    {
        using var all = new MemoryStream();
        var buffer = new byte[16384];
        int read;
        while ((read = await stream.ReadAsync(buffer, ct)) > 0)
            all.Write(buffer, 0, read);
        return Encoding.UTF8.GetString(all.ToArray());
    }

    /// <summary>Reads until the text was seen.</summary>
    public static async Task<string> ReadUntilAsync(Stream stream, string text, int seconds = 10)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        var seen = new StringBuilder();
        var buffer = new byte[4096];
        while (!seen.ToString().Contains(text, StringComparison.Ordinal))
        {
            var read = 0;
            try
            {
                read = await stream.ReadAsync(buffer, patience.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"waited {seconds} s for '{text}', got '{seen}'");
            }

            Assert.True(read > 0, $"the terminal ended before '{text}', got '{seen}'");
            seen.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }

        return seen.ToString();
    }

    public static async Task<string> ReadTextAsync(this ISessionRuntime runtime, SessionId session, string path)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await using var stream = await runtime.ReadFileAsync(session, path, patience.Token);
        return await ReadToEndAsync(stream, patience.Token);
    }

    public static async Task WriteTextAsync(this ISessionRuntime runtime, SessionId session, string path, string text)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(text));
        await runtime.WriteFileAsync(session, path, content, patience.Token);
    }

    public static async Task<RuntimeFailure> RefusedAsync(Func<Task> action, params string[] reasons)
    {
        var failure = await Assert.ThrowsAsync<RuntimeFailure>(action);
        Assert.True(reasons.Contains(failure.Reason), $"{failure.Reason}: {failure.Message}");
        return failure;
    }
}
