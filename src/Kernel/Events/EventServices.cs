using Microsoft.Extensions.DependencyInjection;

namespace StreamSpace.Kernel;

/// <summary>Registration of what listens to the event log.</summary>
public static class EventServices
{
    /// <summary>Registers a consumer and the worker that drives it.</summary>
    public static IServiceCollection AddEventConsumer<TConsumer>(this IServiceCollection services) where TConsumer : class, IEventConsumer
    {
        services.AddScoped<TConsumer>();
        services.AddHostedService<ConsumerWorker<TConsumer>>();
        return services;
    }

    internal static IServiceCollection AddEvents(this IServiceCollection services)
    {
        services.AddSingleton<CallerAccessor>();
        services.AddSingleton<IEventLog, EventLog>();
        services.AddSingleton<EventFeed>();
        services.AddSingleton<IEventFeed>(p => p.GetRequiredService<EventFeed>());
        services.AddHostedService(p => p.GetRequiredService<EventFeed>());
        return services;
    }
}
