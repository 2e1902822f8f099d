using System.Net;

namespace StreamSpace.Client;

/// <summary>One wrong field of a request.</summary>
/// <param name="Field">The field's name as it was sent.</param>
/// <param name="Issue">What is wrong with it.</param>
public sealed record FieldIssue(string Field, string Issue);

/// <summary>The server said no, or could not be reached. The message is a sentence for people.</summary>
public sealed class ClientFailure : Exception
{
    internal ClientFailure(HttpStatusCode? status, string code, string message, Exception? inner = null) : base(message, inner) => (Status, Code) = (status, code);

    /// <summary>HTTP status; null when there was no answer at all.</summary>
    public HttpStatusCode? Status { get; }

    /// <summary>Stable code in UPPER_SNAKE; <c>UNREACHABLE</c> when there was no answer.</summary>
    public string Code { get; }

    /// <summary>Id under which the server's log and audit know the request.</summary>
    public string? TraceId { get; init; }

    /// <summary>The fields that were wrong, if that is why.</summary>
    public IReadOnlyList<FieldIssue> Fields { get; init; } = [];

    /// <summary>How long to wait before trying again, where the server said so.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
