using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Npgsql;
using StreamSpace.Contracts;

namespace StreamSpace.Kernel;

/// <summary>
/// The database of one module: its own schema, snake_case names, strongly typed ids, and events that are saved in the
/// transaction that saves the state. Derived contexts declare their sets and override <see cref="Describe"/>.
/// </summary>
public abstract class ModuleDb(DbContextOptions options) : DbContext(options)
{
    private readonly List<PendingEvent> pending = [];

    /// <summary>The module's schema; equals the module's name.</summary>
    public abstract string Schema { get; }

    internal void Remember(PendingEvent fact) => pending.Add(fact);

    /// <summary>Describes the module's tables; names follow by themselves.</summary>
    protected abstract void Describe(ModelBuilder model);

    /// <inheritdoc/>
    protected sealed override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(Schema);
        Describe(modelBuilder);
        SnakeCase.Apply(modelBuilder);
    }

    /// <inheritdoc/>
    protected sealed override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        foreach (var id in typeof(IId<>).Assembly.GetTypes().Where(IsId))
            configurationBuilder.Properties(id).HaveConversion(typeof(IdValueConverter<>).MakeGenericType(id));
        Conventions(configurationBuilder);
    }

    /// <summary>Further conversions of the module.</summary>
    protected virtual void Conventions(ModelConfigurationBuilder conventions)
    {
    }

    /// <summary>Saves the state and the events appended to it in one transaction. Events come last, so that the order lock is held for one round trip.</summary>
    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        if (pending.Count == 0)
            return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        var own = Database.CurrentTransaction is null ? await Database.BeginTransactionAsync(cancellationToken) : null;
        try
        {
            var saved = await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
            var connection = (NpgsqlConnection)Database.GetDbConnection();
            await EventWriter.WriteAsync(connection, (NpgsqlTransaction)Database.CurrentTransaction!.GetDbTransaction(), pending, cancellationToken);
            if (own is not null)
                await own.CommitAsync(cancellationToken);
            return saved;
        }
        finally
        {
            // Written, or lost with the state they told of: whoever tries again appends them again.
            pending.Clear();
            if (own is not null)
                await own.DisposeAsync();
        }
    }

    /// <summary>Writes always go through the asynchronous way, which also saves the events.</summary>
    public sealed override int SaveChanges(bool acceptAllChangesOnSuccess) => throw new NotSupportedException("Use SaveChangesAsync.");

    private static bool IsId(Type type) =>
        type is { IsValueType: true } && type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IId<>));
}

/// <summary>Stores an identifier as <c>uuid</c>.</summary>
internal sealed class IdValueConverter<TId>() : ValueConverter<TId, Guid>(id => id.Value, value => Make(value)) where TId : struct, IId<TId>
{
    // An expression tree cannot call a static interface member itself.
    private static TId Make(Guid value) => TId.From(value);
}
