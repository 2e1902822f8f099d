using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;

namespace StreamSpace.Sessions;

/// <summary>How to reach a session's picture.</summary>
public sealed record ConnectAnswer(SessionId SessionId, string SessionName, SessionWish State, SessionPhase Phase, string Protocol, string PageUrl, string ViewersUrl, bool Ready);

/// <summary>Reads one session.</summary>
internal static class GetSession
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/sessions/{id}", HandleAsync).Needs(SessionsPermissions.View).Produces<SessionAnswer>()
            .WithName("GetSession").WithTags("Sessions").WithSummary("Read one session").WithDescription("By id, or by name among one's own.");
        api.MapGet("/sessions/{id}/connect", ConnectAsync).Needs(SessionsPermissions.View).Produces<ConnectAnswer>()
            .WithName("ConnectSession").WithTags("Sessions").WithSummary("Where a session's picture is").WithDescription("Reads only; the ticket, and the wake, come from POST to viewers_url.");
    }

    private static async Task<IResult> HandleAsync(SessionRef id, SessionShelf shelf, HttpContext http, CancellationToken ct)
    {
        var found = await shelf.FindAsync(id, ct);
        if (!found.Ok)
            return found.Failure.ToHttp();
        http.Response.Headers.ETag = ChangeSession.Tag(found.Value);
        return TypedResults.Ok(await shelf.AnswerAsync(found.Value, ct));
    }

    private static async Task<IResult> ConnectAsync(SessionRef id, SessionShelf shelf, CancellationToken ct)
    {
        var found = await shelf.FindToWatchAsync(id, ct);
        if (!found.Ok)
            return found.Failure.ToHttp();
        var s = found.Value;
        return s.Wanted == SessionWish.Terminated
            ? SessionFailures.Over(s.Name).ToHttp()
            : TypedResults.Ok(new ConnectAnswer(s.Id, s.Name, s.Wanted, s.Phase, s.Protocol, $"/sessions/{s.Id}/view", $"/api/v1/sessions/{s.Id}/viewers", s.Phase == SessionPhase.Running));
    }
}
