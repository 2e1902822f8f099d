using System.Net;
using StreamSpace.Client;

namespace StreamSpace.Cli;

/// <summary>A failure of the program's own, with the code it ends with.</summary>
internal sealed class CliFailure(int code, string message) : Exception(message)
{
    public int Code { get; } = code;
}

/// <summary>Tells a server's no in words and as an exit code.</summary>
internal static class Failures
{
    public static int CodeOf(ClientFailure failure) => failure.Status switch
    {
        null => ExitCode.Unavailable,
        HttpStatusCode.BadRequest or HttpStatusCode.UnsupportedMediaType or HttpStatusCode.RequestEntityTooLarge => ExitCode.Usage,
        HttpStatusCode.Unauthorized => ExitCode.NotLoggedIn,
        HttpStatusCode.Forbidden or HttpStatusCode.UnprocessableEntity => ExitCode.Refused,
        HttpStatusCode.NotFound => ExitCode.NotFound,
        HttpStatusCode.Conflict => ExitCode.Conflict,
        HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout => ExitCode.Unavailable,
        _ => ExitCode.Failure,
    };

    public static async Task<int> TellAsync(ClientFailure failure, CliTerminal terminal)
    {
        await terminal.Error.WriteLineAsync(failure.Message);
        foreach (var field in failure.Fields.Where(f => !failure.Message.Contains(f.Issue, StringComparison.OrdinalIgnoreCase)))
            await terminal.Error.WriteLineAsync($"  {field.Field}: {field.Issue}");
        if (failure.Status == HttpStatusCode.Unauthorized && failure.Code != "INVALID_CREDENTIALS")
            await terminal.Error.WriteLineAsync("Log in with: streamspace login");
        if (failure.RetryAfter is { } wait)
            await terminal.Error.WriteLineAsync($"Try again in {Math.Ceiling(wait.TotalSeconds)} s.");
        if (failure.TraceId is { } trace)
            await terminal.Error.WriteLineAsync($"({failure.Code}, trace {trace})");
        return CodeOf(failure);
    }
}
