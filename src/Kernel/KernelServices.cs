using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace StreamSpace.Kernel;

/// <summary>Registers what every module stands on.</summary>
public static class KernelServices
{
    /// <summary>Registers the kernel: database, events, jobs, secrets, caller, JSON.</summary>
    /// <param name="services">The server's services.</param>
    /// <param name="configuration">Settings.</param>
    /// <param name="modules">All modules, in the order their routes are mapped.</param>
    /// <param name="connectionString">PostgreSQL, ours or somebody else's.</param>
    /// <param name="masterKey">The key outside the database.</param>
    public static IServiceCollection AddKernel(
        this IServiceCollection services, IConfiguration configuration, IReadOnlyList<IModule> modules, string connectionString, MasterKey masterKey)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(modules);
        services.AddSingleton(PermissionRegistry.From(modules));
        services.AddSingleton(masterKey);
        services.AddSingleton(p => Instance.Current(p.GetRequiredService<TimeProvider>()));
        services.AddSingleton(p => Connect(connectionString, p.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton(p => new Migrator(p.GetRequiredService<NpgsqlDataSource>(), Migrator.Find(modules), p.GetRequiredService<ILogger<Migrator>>()));

        services.AddHttpContextAccessor();
        services.AddEvents();
        services.AddScoped<AuditScope>();
        services.AddScoped<ICaller>(p => p.GetRequiredService<CallerAccessor>().Current);
        services.AddSingleton<ISingleRunner, SingleRunner>();
        services.AddSingleton<IJobQueue, JobQueue>();
        services.AddHostedService<JobWorker>();
        services.AddHostedService<EventRetention>();

        services.AddDataProtection().SetApplicationName("streamspace");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(p => new ConfigureOptions<KeyManagementOptions>(options =>
        {
            options.XmlRepository = new KeysInDatabase(p.GetRequiredService<NpgsqlDataSource>());
            options.XmlEncryptor = new MasterKeyEncryptor(masterKey);
        }));
        services.AddSingleton<ISecretBox, SecretBox>();

        services.ConfigureHttpJsonOptions(options => Json.Apply(options.SerializerOptions));
        services.AddHttpPipeline(configuration);
        services.AddSingleton<MetricsCollector>();
        services.AddApiDocs();
        return services;
    }

    private static NpgsqlDataSource Connect(string connectionString, ILoggerFactory logs)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        builder.UseLoggerFactory(logs);
        builder.ConnectionStringBuilder.ApplicationName ??= "streamspace";
        builder.ConnectionStringBuilder.MaxAutoPrepare = Math.Max(builder.ConnectionStringBuilder.MaxAutoPrepare, 64);
        return builder.Build();
    }
}
