using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Kernel;

namespace StreamSpace.Templates;

/// <summary>Builds an image, or checks one against the image contract. The answer is a stream of JSON lines; the last one says whether it went well.</summary>
internal static class MakeImages
{
    /// <summary>Which image.</summary>
    /// <param name="Image">To build: the name of a recipe in <c>images/</c>. To check: an image as the engine knows it.</param>
    public sealed record Request([Required, StringLength(256, MinimumLength = 1), RegularExpression("^[a-z0-9][a-zA-Z0-9._/:@-]*$", ErrorMessage = "is no name of an image.")] string Image);

    /// <summary>One line of the answer.</summary>
    /// <param name="Name">The clause that was checked.</param>
    /// <param name="Text">Words for people.</param>
    /// <param name="Percent">How far the build is, where that is known.</param>
    /// <param name="Passed">Whether the clause holds.</param>
    /// <param name="Ok">In the last line: whether all went well.</param>
    public sealed record Line(string? Name = null, string? Text = null, int? Percent = null, bool? Passed = null, bool? Ok = null);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/images/build", Build).Needs(TemplatesPermissions.Images).Audited("image.built").Endless().WithTags("Images")
            .WithSummary("Builds an image; answers with one JSON object per line").Produces<Line>(200, "application/x-ndjson");
        api.MapPost("/images/check", Check).Needs(TemplatesPermissions.Images).Audited("image.checked").Endless().WithTags("Images")
            .WithSummary("Checks an image against the image contract; answers with one JSON object per line").Produces<Line>(200, "application/x-ndjson");
    }

    private static Task Build(Request request, HttpContext context, IEnumerable<IImageWorkshop> workshops, CancellationToken ct) =>
        AnswerAsync(context, workshops, workshop => BuildingAsync(workshop, request.Image, ct), ct);

    private static Task Check(Request request, HttpContext context, IEnumerable<IImageWorkshop> workshops, CancellationToken ct) =>
        AnswerAsync(context, workshops, workshop => CheckingAsync(workshop, request.Image, ct), ct);

    private static async Task AnswerAsync(HttpContext context, IEnumerable<IImageWorkshop> workshops, Func<IImageWorkshop, IAsyncEnumerable<Line>> work, CancellationToken ct)
    {
        if (workshops.FirstOrDefault() is not { } workshop)
        {
            await new Failure(FailureKind.Unavailable, "NO_IMAGE_RUNTIME", "No runtime here runs images. Start the server with --runtime docker or auto on a machine with a Docker engine.").WriteAsync(context);
            return;
        }

        context.Response.ContentType = "application/x-ndjson";
        try
        {
            await foreach (var line in work(workshop))
                await WriteAsync(context, line, ct);
        }
        catch (RuntimeFailure e)
        {
            // The status has been sent long since: the last line says how it ended.
            await WriteAsync(context, new Line(Text: e.Message, Ok: false), ct);
        }
    }

    private static async IAsyncEnumerable<Line> BuildingAsync(IImageWorkshop workshop, string recipe, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var progress in workshop.BuildAsync(recipe, ct))
            yield return new Line(Text: progress.Text, Percent: progress.Percent);
        yield return new Line(Text: $"{recipe} is built.", Ok: true);
    }

    private static async IAsyncEnumerable<Line> CheckingAsync(IImageWorkshop workshop, string image, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var good = true;
        await foreach (var finding in workshop.CheckAsync(image, ct))
        {
            good &= finding.Passed;
            yield return new Line(finding.Clause, finding.Text, Passed: finding.Passed);
        }

        yield return new Line(Text: good ? $"{image} keeps the image contract." : $"{image} does not keep the image contract (docs/image-contract.md).", Ok: good);
    }

    private static async Task WriteAsync(HttpContext context, Line line, CancellationToken ct)
    {
        await JsonSerializer.SerializeAsync(context.Response.Body, line, Json.Options, ct);
        await context.Response.Body.WriteAsync("\n"u8.ToArray(), ct);
        await context.Response.Body.FlushAsync(ct);
    }
}
