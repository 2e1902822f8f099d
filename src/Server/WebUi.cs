using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using StreamSpace.Kernel;

namespace StreamSpace.Server;

/// <summary>
/// Serves the built web UI: hashed files for ever, the rest revalidated, compressed copies made by the build, and the page itself for
/// every address that is a page of the application.
/// </summary>
internal sealed class WebUi
{
    private readonly IFileProvider files;
    private readonly FileExtensionContentTypeProvider types = new();

    private WebUi(string root)
    {
        files = new PhysicalFileProvider(root);
        types.Mappings[".webmanifest"] = "application/manifest+json";
        types.Mappings[".mjs"] = "text/javascript";
    }

    /// <summary>Serves from the setting <c>Web</c>, from <c>wwwroot</c> beside the program, or from a checkout's <c>web/dist</c>; nothing when there is none.</summary>
    public static void Use(WebApplication app)
    {
        if (Root(app.Configuration) is not { } root)
            return;
        var ui = new WebUi(root);
        app.Use(ui.InvokeAsync);
    }

    private async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var path = context.Request.Path.Value ?? "/";
        var reading = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        if (context.GetEndpoint() is not null || !reading || Foreign(path))
        {
            await next(context);
            return;
        }

        var name = path is "/api/docs" or "/api/docs/" ? "/docs.html" : path;
        var file = name == "/" ? null : files.GetFileInfo(name);
        if (file is not { Exists: true, IsDirectory: false })
        {
            // A missing file is missing; a missing page is the application's to show.
            if (Path.HasExtension(name))
            {
                await Failure.Missing("file").WriteAsync(context);
                return;
            }

            name = "/index.html";
        }

        await SendAsync(context, name);
    }

    private async Task SendAsync(HttpContext context, string name)
    {
        var headers = context.Response.Headers;
        headers.Vary = "Accept-Encoding";
        headers.CacheControl = name.StartsWith("/assets/", StringComparison.Ordinal) ? "public, max-age=31536000, immutable" : "no-cache";
        var accepted = context.Request.Headers.AcceptEncoding.ToString();
        var file = files.GetFileInfo(name);
        foreach (var (coding, ending) in (ReadOnlySpan<(string, string)>)[("br", ".br"), ("gzip", ".gz")])
        {
            if (accepted.Contains(coding, StringComparison.Ordinal) && files.GetFileInfo(name + ending) is { Exists: true } small)
            {
                headers.ContentEncoding = coding;
                file = small;
                break;
            }
        }

        if (!file.Exists)
        {
            await Failure.Missing("page").WriteAsync(context);
            return;
        }

        var tag = new Microsoft.Net.Http.Headers.EntityTagHeaderValue($"\"{file.LastModified.ToUnixTimeMilliseconds():x}-{file.Length:x}\"");
        headers.ETag = tag.ToString();
        if (context.Request.Headers.IfNoneMatch.ToString() == tag.ToString())
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        context.Response.ContentType = types.TryGetContentType(name, out var type) ? type + (type.StartsWith("text/", StringComparison.Ordinal) ? "; charset=utf-8" : "") : "application/octet-stream";
        context.Response.ContentLength = file.Length;
        if (HttpMethods.IsGet(context.Request.Method))
            await context.Response.SendFileAsync(file, context.RequestAborted);
    }

    private static bool Foreign(string path) =>
        path != "/api/docs" && path != "/api/docs/"
        && ((string[])["/api", "/health", "/metrics", "/.well-known", "/scim"]).Any(p => path == p || path.StartsWith(p + "/", StringComparison.Ordinal));

    private static string? Root(IConfiguration configuration)
    {
        var beside = Path.Combine(AppContext.BaseDirectory, "wwwroot");
        var candidates = new List<string?> { configuration["Web"], beside };
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "StreamSpace.slnx")))
                candidates.Add(Path.Combine(folder.FullName, "web", "dist"));
        }

        return candidates.FirstOrDefault(c => c is not null && File.Exists(Path.Combine(c, "index.html")));
    }
}
