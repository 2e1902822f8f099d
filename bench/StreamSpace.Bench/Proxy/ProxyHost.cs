using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Identity;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Streaming;
using StreamSpace.Streaming.Relay;

namespace StreamSpace.Bench.Proxy;

/// <summary>
/// The stream proxy as the server runs it (Kestrel, upgrade, both parsers, rights), less tickets and database, in a process of its own so that its
/// CPU and memory can be told. A line on standard input sets the session's phase: for trying the held socket with a real browser.
/// </summary>
internal static class ProxyHost
{
    public static async Task<int> RunAsync(string display, string address, string? pages = null, bool guarded = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls(address);
        builder.Services.AddMetrics();
        var app = builder.Build();
        var session = new SessionFacts(SessionId.New(), "bench", UserId.New(), "bench", "bench", SessionPhase.Running, null, null, 1);
        var watch = new SessionWatch(session);
        var metrics = new StreamMetrics(app.Services.GetRequiredService<IMeterFactory>());
        var login = new LoginFacts(LoginId.New(), session.Owner, "bench", "bench", new HashSet<string>());
        var protection = guarded ? new BenchProtection() : null;
        Func<CancellationToken, Task<(Stream Stream, string? Password)>> open = ct => OpenAsync(display, ct);
        app.Map("/stream", async Task (HttpContext context) =>
        {
            if (WebSocketUpgrade.Check(context, []) is { } failure)
            {
                context.Response.StatusCode = failure.Code == "ORIGIN_NOT_ALLOWED" ? 403 : 400;
                return;
            }
            using var socket = await WebSocketUpgrade.AcceptAsync(context);
            var viewer = new Viewer(ViewerId.New(), session.Id, session.Owner, login, AccessLevel.Control, "", TimeProvider.System.GetUtcNow());
            var surroundings = new RelaySurroundings(
                open, Pressed: () => Console.WriteLine("pressed"), InputSeen: () => { }, PressesSeen: _ => { }, metrics, TimeProvider.System, protection);
            var relay = new ViewerRelay(viewer, socket, watch, surroundings, new RelayTimes());
            relay.ApplyPolicy(protection?.Policy);
            var end = await relay.RunAsync();
            await relay.GoodbyeAsync();
            relay.Release();
            Console.WriteLine($"ended {end}");
            context.Abort();
        });
        if (pages is not null)
            app.UseFileServer(new FileServerOptions { FileProvider = new PhysicalFileProvider(pages) });
        await app.StartAsync();
        Console.WriteLine("ready");
        while (await Console.In.ReadLineAsync() is { } line)
        {
            if (Enum.TryParse<SessionPhase>(line, ignoreCase: true, out var phase))
                watch.Update(session with { Phase = phase });
        }
        return 0;
    }

    private static async Task<(Stream Stream, string? Password)> OpenAsync(string display, CancellationToken ct)
    {
        if (display.StartsWith('/'))
        {
            var local = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await local.ConnectAsync(new UnixDomainSocketEndPoint(display), ct);
            return (new NetworkStream(local, ownsSocket: true), null);
        }
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPEndPoint.Parse(display), ct);
        return (new NetworkStream(socket, ownsSocket: true), null);
    }
}
