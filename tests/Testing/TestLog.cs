using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace StreamSpace.Testing;

/// <summary>Keeps warnings and errors of the servers under test; prints them with STREAMSPACE_TEST_LOG=1.</summary>
public sealed class TestLog : ILoggerProvider
{
    // ./test tells the last errors beside failed tests: a 500 that comes once in many runs leaves its reason there.
    private static readonly string? Errors = Environment.GetEnvironmentVariable("STREAMSPACE_TEST_RESULTS") is { Length: > 0 } results
        ? Path.Combine(results, $"{System.Reflection.Assembly.GetEntryAssembly()?.GetName().Name}-{Environment.ProcessId}.errors")
        : null;

    private static readonly Lock Writing = new();
    private static readonly bool Loud = Environment.GetEnvironmentVariable("STREAMSPACE_TEST_LOG") == "1";

    /// <summary>Everything of level warning or above, newest last.</summary>
    public static ConcurrentQueue<string> Lines { get; } = new();

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Writer(categoryName);

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private sealed class Writer(string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning || (Loud && logLevel >= LogLevel.Information && category.StartsWith("StreamSpace", StringComparison.Ordinal));

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            var line = $"{logLevel} {category}: {formatter(state, exception)} {exception}";
            Lines.Enqueue(line);
            if (Errors is not null && logLevel >= LogLevel.Error)
            {
                lock (Writing)
                    File.AppendAllText(Errors, $"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {line}\n\n");
            }

            if (Loud)
                Console.Error.WriteLine(line);
        }
    }
}
