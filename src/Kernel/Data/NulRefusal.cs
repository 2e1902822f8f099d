using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;
using NpgsqlTypes;

namespace StreamSpace.Kernel;

/// <summary>
/// Refuses a text with a NUL before it is sent. PostgreSQL would refuse it as well; but when it does so in the moment in which a statement is being prepared,
/// the driver loses step with the connection, and the next one to use it is answered an error that is not theirs.
/// </summary>
internal sealed class NulRefusal : DbCommandInterceptor
{
    public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result) => Look(command, result);

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default) => ValueTask.FromResult(Look(command, result));

    public override InterceptionResult<object> ScalarExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<object> result) => Look(command, result);

    public override ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result, CancellationToken cancellationToken = default) => ValueTask.FromResult(Look(command, result));

    public override InterceptionResult<int> NonQueryExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<int> result) => Look(command, result);

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) => ValueTask.FromResult(Look(command, result));

    private static T Look<T>(DbCommand command, T result)
    {
        foreach (NpgsqlParameter parameter in command.Parameters)
        {
            var json = parameter.NpgsqlDbType is NpgsqlDbType.Jsonb or NpgsqlDbType.Json;
            if (Holds(parameter.Value, json))
                throw new PostgresException("a text holds a NUL", "ERROR", "ERROR", PostgresErrorCodes.CharacterNotInRepertoire);
        }

        return result;
    }

    private static bool Holds(object? value, bool json) => value switch
    {
        string text => text.Contains('\0', StringComparison.Ordinal) || (json && HoldsEscaped(text)),
        IEnumerable<string> texts => texts.Any(text => Holds(text, json)),
        _ => false,
    };

    /// <summary>Whether a JSON text spells a NUL; an escaped backslash in front of "u0000" is none.</summary>
    private static bool HoldsEscaped(string json)
    {
        for (var at = json.IndexOf("\\u0000", StringComparison.Ordinal); at >= 0; at = json.IndexOf("\\u0000", at + 1, StringComparison.Ordinal))
        {
            var before = json.AsSpan(0, at);
            if ((before.Length - before.TrimEnd('\\').Length) % 2 == 0)
                return true;
        }

        return false;
    }
}
