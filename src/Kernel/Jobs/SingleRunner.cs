using Microsoft.Extensions.Logging;
using Npgsql;

namespace StreamSpace.Kernel;

/// <summary>Runs a piece of work on exactly one replica at a time.</summary>
public interface ISingleRunner
{
    /// <summary>
    /// Waits until no other replica holds <paramref name="name"/>, then runs <paramref name="work"/> until it returns or the
    /// lock is lost (its token is cancelled then), and starts over until <paramref name="ct"/> ends; then it returns. A replica that dies hands over as soon
    /// as PostgreSQL notices its connection is gone, at once for a killed process.
    /// </summary>
    Task RunAsync(string name, Func<CancellationToken, Task> work, CancellationToken ct);
}

/// <inheritdoc cref="ISingleRunner"/>
internal sealed partial class SingleRunner(NpgsqlDataSource database, ILogger<SingleRunner> log) : ISingleRunner
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(2);

    public async Task RunAsync(string name, Func<CancellationToken, Task> work, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(ct);
                if (await TryLockAsync(connection, name, ct))
                    await HoldAsync(connection, name, work, ct);
            }
            catch (Exception) when (ct.IsCancellationRequested)
            {
                return; // whatever broke while stopping is the next holder's to find out
            }
            catch (Exception e)
            {
                LogLost(log, name, e);
            }

            await Task.Delay(Beat, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<bool> TryLockAsync(NpgsqlConnection connection, string name, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select pg_try_advisory_lock(4712, hashtext($1))", connection) { Parameters = { new() { Value = name } } };
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    private static async Task HoldAsync(NpgsqlConnection connection, string name, Func<CancellationToken, Task> work, CancellationToken ct)
    {
        using var held = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var runsAs = CallerAccessor.RunAs(Caller.System(name));
        var running = work(held.Token);
        try
        {
            while (!running.IsCompleted)
            {
                await Task.WhenAny(running, Task.Delay(Beat, ct));
                ct.ThrowIfCancellationRequested();
                // Proves that the lock's connection still lives; throws when it does not.
                await using var beat = new NpgsqlCommand("select 1", connection) { CommandTimeout = 5 };
                await beat.ExecuteScalarAsync(ct);
            }
        }
        finally
        {
            await held.CancelAsync();
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (connection.State == System.Data.ConnectionState.Open)
            {
                await using var release = new NpgsqlCommand("select pg_advisory_unlock(4712, hashtext($1))", connection) { Parameters = { new() { Value = name } } };
                await release.ExecuteScalarAsync(CancellationToken.None);
            }
        }

        await running;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Name} stopped here and is taken up again")]
    private static partial void LogLost(ILogger log, string name, Exception e);
}
