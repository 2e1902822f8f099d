using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StreamSpace.Contracts.Runtimes;

namespace StreamSpace.Templates;

/// <summary>Knows whether each template can start on each runtime. Asked in the background, so that a page never waits for an engine.</summary>
internal sealed partial class ReadinessBoard(Catalogue catalogue, IEnumerable<ISessionRuntime> runtimes, IOptions<TemplatesOptions> options, ILogger<ReadinessBoard> log) : BackgroundService
{
    private static readonly Readiness NotAskedYet = new(ReadinessState.Unavailable, [], "It is being checked; look again in a moment.");
    private readonly ConcurrentDictionary<(string Template, string Runtime), Readiness> board = new();

    public Readiness Of(string template, string runtime) => board.GetValueOrDefault((template, runtime), NotAskedYet);

    public IReadOnlyList<string> Runtimes { get; } = [.. runtimes.Select(r => r.Name).Order(StringComparer.Ordinal)];

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(runtimes.Select(r => RefreshAsync(r, stoppingToken)));

    private async Task RefreshAsync(ISessionRuntime runtime, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                foreach (var template in catalogue.All.Where(t => t.Facts.Runtimes.Count == 0 || t.Facts.Runtimes.Contains(runtime.Name, StringComparer.Ordinal)))
                    board[(template.Facts.Name, runtime.Name)] = await runtime.CheckAsync(template.Facts.Application, ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                LogTrouble(log, runtime.Name, e);
            }

            await Task.Delay(options.Value.CheckEvery, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "It could not be checked which templates start on {Runtime}")]
    private static partial void LogTrouble(ILogger log, string runtime, Exception e);
}
