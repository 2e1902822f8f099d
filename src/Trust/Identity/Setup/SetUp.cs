using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using StreamSpace.Kernel;

namespace StreamSpace.Identity;

/// <summary>The first run: whoever can read what the server printed at its start becomes its first administrator.</summary>
internal static class SetUp
{
    public sealed record State(bool Needed, string Version);

    public sealed record Request(
        [MinLength(1), MaxLength(64)] string Code,
        [MinLength(1), RegularExpression(Names.Pattern, ErrorMessage = Names.PatternText)] string Username,
        [MinLength(1), MaxLength(512)] string Password,
        [MaxLength(120)] string? DisplayName = null,
        [EmailAddress, MaxLength(254)] string? Email = null);

    private static readonly Failure WrongCode = new(FailureKind.Denied, "SETUP_CODE_WRONG", "This is not the set-up code. The server printed it when it started.");

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/auth/setup", StateAsync).Anonymous().WithSummary("Whether the first administrator is still to be created").WithTags("Set-up");
        api.MapPost("/auth/setup", HandleAsync).Anonymous().Limited("login").Audited("setup.completed").WithMetadata(new ChecksForgeryItself()).AnswersSecrets()
            .WithSummary("Create the first administrator and log in").WithTags("Set-up");
    }

    internal static async Task<State> StateAsync(SetupCode code, IdentityDb db, Instance instance, CancellationToken ct) =>
        new(await code.NeededAsync(db, ct), instance.Version);

    internal static async Task<Results<Created<LoginResponse>, FailureResult>> HandleAsync(
        Request request, HttpContext context, SetupCode code, FirstAdministrator first, LoginOpening opening, IdentityDb db, AuditScope audit, CancellationToken ct)
    {
        if (!await code.NeededAsync(db, ct))
            return FirstAdministrator.NotNeeded.ToHttp();
        if (!await code.MatchesAsync(request.Code, ct))
            return await code.NeededAsync(db, ct) ? WrongCode.ToHttp() : FirstAdministrator.NotNeeded.ToHttp();
        var created = await first.CreateAsync(db, request.Username, request.Password, request.DisplayName, request.Email, ct);
        if (!created.Ok)
            return created.Failure.ToHttp();
        audit.Actor = (created.Value.Id, created.Value.Username);
        audit.Resource = $"user:{created.Value.Id}";
        return TypedResults.Created($"/api/v1/users/{created.Value.Id}", await opening.OpenAsync(db, context, created.Value, remember: false, ct));
    }
}
