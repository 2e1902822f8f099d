using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace StreamSpace.Kernel;

/// <summary>Registration of modules' databases over the one shared <see cref="NpgsqlDataSource"/>.</summary>
public static class DatabaseServices
{
    private static readonly NulRefusal Nul = new();

    /// <summary>Registers a module's database, both scoped and as a factory for workers.</summary>
    public static IServiceCollection AddModuleDb<TDb>(this IServiceCollection services) where TDb : ModuleDb
    {
        services.AddDbContextFactory<TDb>((provider, options) => options.UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>()).AddInterceptors(Nul));
        services.AddSingleton(new ModuleDbType(typeof(TDb)));
        return services;
    }
}

/// <summary>Lets tests find every module's database.</summary>
/// <param name="Type">The context type.</param>
public sealed record ModuleDbType(Type Type);
