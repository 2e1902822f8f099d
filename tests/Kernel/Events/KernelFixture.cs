using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using StreamSpace.Contracts;
using StreamSpace.Testing;

namespace StreamSpace.Kernel.Tests;

/// <summary>The kernel alone on a real database: a host as every replica has one.</summary>
internal static class KernelFixture
{
    public static async Task<IHost> StartAsync(string database, Action<IServiceCollection>? more = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddKernel(new ConfigurationBuilder().Build(), [], database, MasterKey.Load(Convert.ToBase64String(new byte[32]), ""));
        builder.Services.AddLogging();
        builder.Services.AddMetrics();
        more?.Invoke(builder.Services);
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    /// <summary>Writes one event in a transaction that stays open for a while, as slow writers do. Of today: the retention, which starts with the host, removes old ones.</summary>
    public static async Task AppendAsync(NpgsqlDataSource source, string subject, int number, TimeSpan holdOpen)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var data = JsonSerializer.SerializeToUtf8Bytes(new { number });
        await EventWriter.WriteAsync(connection, transaction, [new(TimeProvider.System.GetUtcNow(), "test.happened", subject, null, null, "test", null, data)], CancellationToken.None);
        if (holdOpen > TimeSpan.Zero)
            await Task.Delay(holdOpen);
        await transaction.CommitAsync();
    }
}
