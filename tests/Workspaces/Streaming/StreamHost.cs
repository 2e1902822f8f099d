using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Dlp;
using StreamSpace.Contracts.Identity;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Contracts.Sessions;
using StreamSpace.Kernel;
using StreamSpace.Rfb.Ends;
using StreamSpace.Streaming;
using StreamSpace.Testing;

namespace StreamSpace.Workspaces.Tests.Streaming;

/// <summary>The kernel and the stream proxy on a real socket and a real PostgreSQL, with hand-made neighbours.</summary>
internal sealed class StreamHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private StreamHost(WebApplication app, FakeHouse house, FakeRuntime runtime, string database)
    {
        (_app, House, Runtime, Database) = (app, house, runtime, database);
        Address = new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    public FakeHouse House { get; }

    public FakeRuntime Runtime { get; }

    public string Database { get; }

    public Uri Address { get; }

    public static CancellationToken Soon => new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token;

    public static async Task<StreamHost> StartAsync(StreamHost? replicaOf = null, Dictionary<string, string?>? settings = null, Action<ILoggingBuilder>? logging = null)
    {
        var database = replicaOf?.Database ?? await TestDatabase.CreateAsync();
        var house = replicaOf?.House ?? new FakeHouse();
        var runtime = replicaOf?.Runtime ?? new FakeRuntime();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["RateLimits:UserPerMinute"] = "0", ["RateLimits:AddressPerMinute"] = "0" });
        builder.Logging.ClearProviders().AddProvider(new TestLog());
        logging?.Invoke(builder.Logging);
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        IReadOnlyList<IModule> modules = [new StreamingModule()];
        builder.Services.AddKernel(builder.Configuration, modules, database, MasterKey.Load(Convert.ToBase64String(new byte[32]), ""));
        modules[0].Add(builder.Services, builder.Configuration);
        builder.Services.AddSingleton<ISessionRuntime>(runtime);
        builder.Services.AddSingleton<ISessionDirectory>(house).AddSingleton<ISessionWaker>(house).AddSingleton<ISessionActivity>(house)
            .AddSingleton<ISessionDisplays>(house).AddSingleton<ILoginDirectory>(house).AddSingleton<ICallerSource>(house).AddSingleton<IAuditTrail>(house).AddSingleton<IDataProtection>(house);
        var app = builder.Build();
        app.UsePipeline();
        modules[0].Map(app.MapGroup("/api/v1").WithRules());
        await app.Services.GetRequiredService<Migrator>().UpAsync(CancellationToken.None);
        await app.StartAsync();
        return new(app, house, runtime, database);
    }

    public T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    public HttpClient As(LoginFacts person)
    {
        var client = new HttpClient { BaseAddress = Address };
        client.DefaultRequestHeaders.Add("X-Login", person.Login.Value.ToString());
        return client;
    }

    /// <summary>Changes what a session is and tells it to the event log, as the Sessions module does.</summary>
    public async Task PhaseAsync(SessionFacts session, SessionPhase phase, string? message = null, int generation = 1)
    {
        House.Sessions[session.Id] = session with { Phase = phase, Message = message, Generation = generation };
        await TellAsync(session, "session.state.changed");
    }

    /// <summary>Any event of another module, as it stands in the log.</summary>
    public async Task TellAsync(SessionFacts session, string type)
    {
        await using var connection = await Get<Npgsql.NpgsqlDataSource>().OpenConnectionAsync();
        await using var insert = new Npgsql.NpgsqlCommand(
            "insert into kernel.events(time, type, subject, concerns, actor_name, data) values (now(), $1, $2, $3, '', '{}'); ", connection)
        {
            Parameters = { new() { Value = type }, new() { Value = $"session:{session.Id}" }, new() { Value = session.Owner.Value } },
        };
        await insert.ExecuteNonQueryAsync();
        await using var notify = new Npgsql.NpgsqlCommand("select pg_notify('streamspace_events', '')", connection);
        await notify.ExecuteNonQueryAsync();
    }

    public Task<HttpResponseMessage> AskAsync(LoginFacts person, SessionFacts session, string? level = null) =>
        As(person).PostAsJsonAsync($"/api/v1/sessions/{session.Id}/viewers", new { level });

    public async Task<(string Url, ViewerId Id)> TicketAsync(LoginFacts person, SessionFacts session, string? level = null)
    {
        var answer = await AskAsync(person, session, level);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(answer.IsSuccessStatusCode, body.ToString());
        return (body.GetProperty("url").GetString()!, ViewerId.From(body.GetProperty("viewer_id").GetGuid()));
    }

    public async Task<ClientWebSocket> SocketAsync(string url, string? origin = null, Uri? by = null, string protocol = "binary")
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(protocol);
        socket.Options.CollectHttpResponseDetails = true;
        if (origin is not null)
            socket.Options.SetRequestHeader("Origin", origin);
        try
        {
            await socket.ConnectAsync(new Uri(new UriBuilder(by ?? Address) { Scheme = "ws" }.Uri, url), Soon);
        }
        catch (WebSocketException e)
        {
            throw new RefusedUpgrade((int)socket.HttpStatusCode, e);
        }
        return socket;
    }

    /// <summary>A viewer that has shaken hands and asked for pixels.</summary>
    public async Task<TestViewer> ViewAsync(LoginFacts person, SessionFacts session, string? level = null, string protocol = "binary")
    {
        var (url, id) = await TicketAsync(person, session, level);
        var socket = await SocketAsync(url, protocol: protocol);
        return new(id, socket, await RfbClient.ConnectAsync(WebSocketStream.Create(socket, WebSocketMessageType.Binary, ownsWebSocket: false), null, Soon));
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
    }
}

internal sealed class RefusedUpgrade(int status, Exception inner) : Exception($"refused with {status}", inner)
{
    public int Status { get; } = status;
}

/// <summary>A viewer of a test: the socket and the RFB client on it.</summary>
internal sealed record TestViewer(ViewerId Id, ClientWebSocket Socket, RfbClient Rfb) : IAsyncDisposable
{
    /// <summary>Reads until the proxy closes and tells its code and sentence.</summary>
    public async Task<(int Code, string Sentence)> ClosedAsync()
    {
        try
        {
            while (true)
                await Rfb.ReadAsync(StreamHost.Soon);
        }
        catch (Exception e) when (e is StreamSpace.Rfb.RfbException or IOException or WebSocketException or OperationCanceledException)
        {
            return (Socket.CloseStatus is { } status ? (int)status : 0, Socket.CloseStatusDescription ?? "");
        }
    }

    public ValueTask DisposeAsync()
    {
        Socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
