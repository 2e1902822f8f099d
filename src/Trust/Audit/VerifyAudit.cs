using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using StreamSpace.Kernel;

namespace StreamSpace.Audit;

/// <summary>Proves that the audit is as it was written.</summary>
internal static class VerifyAudit
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/audit/verify", HandleAsync).Needs(AuditPermissions.View).Audited("audit.verified").Endless()
        .WithSummary("Recompute the audit's hash chain").WithTags("Audit");

    /// <param name="from">First day; left out: the first there is.</param>
    /// <param name="to">Last day; left out: today.</param>
    /// <param name="verifier">Walks the chain.</param>
    /// <param name="ct">Cancels.</param>
    internal static Task<ChainReport> HandleAsync([FromQuery] DateOnly? from, [FromQuery] DateOnly? to, ChainVerifier verifier, CancellationToken ct) =>
        verifier.VerifyAsync(from, to, ct);
}
