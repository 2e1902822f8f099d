using Microsoft.Extensions.DependencyInjection;
using StreamSpace.Contracts.Access;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Server.Tests.Maps;
using StreamSpace.Server.Tests.Walls;
using StreamSpace.Testing;

namespace StreamSpace.Server.Tests.Doors;

/// <summary>
/// Every endpoint of the running server, tried by everybody: nobody at all and each platform role, on what is their own and on what is
/// somebody else's. The result is docs/map/doors.md, which people review; rules that hold for every table are checked as well.
/// </summary>
[Trait("Category", "Slow")]
public sealed class DoorsTests : IAsyncLifetime
{
    private static readonly string[] Outside = ["user", "read_only"];
    private TestApp app = null!;

    public async Task InitializeAsync() => app = await TestApp.StartAsync(options =>
    {
        options.Services = services => services.AddSingleton<ISessionRuntime>(new FakeRuntime());
        options.Settings["Sessions:MaxPerUser"] = "0";
        options.Settings["Sessions:MaxCpu"] = "0";
        options.Settings["Sessions:MaxMemory"] = "0";
    });

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public void Every_endpoint_says_what_it_needs() =>
        House.Holds(from door in Door.All(app.Services) where door.Access is null select $"{door.Method} {door.Route} declares neither a permission, nor a login, nor that it is anonymous");

    [Fact]
    public void Every_audience_of_an_event_is_a_permission_that_there_is() =>
        House.Holds(
            from fact in Kernel.EventTypes.All.Values
            where fact.Audience.Length > 0 && app.Services.GetRequiredService<Kernel.PermissionRegistry>().Find(fact.Audience) is null
            select $"{fact.Name} is for holders of {fact.Audience}, which is no permission");

    [Fact]
    public void Every_write_is_audited()
    {
        House.Holds(
            from endpoint in app.Services.GetRequiredService<Microsoft.AspNetCore.Routing.EndpointDataSource>().Endpoints.OfType<Microsoft.AspNetCore.Routing.RouteEndpoint>()
            from method in endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Routing.HttpMethodMetadata>()?.HttpMethods ?? []
            where method is not ("GET" or "HEAD" or "OPTIONS") && endpoint.Metadata.GetMetadata<Kernel.EndpointAudit>() is null && !Unaudited.Contains($"{method} {endpoint.RoutePattern.RawText}")
            select $"{method} {endpoint.RoutePattern.RawText} changes something and is not audited");
    }

    /// <summary>Writes that leave no trace on purpose, each with its reason.</summary>
    private static readonly HashSet<string> Unaudited =
    [
        "POST /api/v1/sessions/{id}/heartbeat", // many a minute, and says only that somebody is there
        "PUT /api/v1/templates/{name}/favourite", // a bookmark of one's own
        "DELETE /api/v1/templates/{name}/favourite",
    ];

    [Fact]
    public async Task Every_door_opens_to_whom_it_should_and_to_nobody_else()
    {
        var visit = new Visit(app);
        var grants = app.Services.GetRequiredService<IRoleGrants>();
        var rows = new List<IReadOnlyList<string?>>();
        var violations = new List<string>();
        foreach (var door in Door.All(app.Services))
        {
            var cells = new List<string> { await visit.GoAsync(door, null, await Person.MakeAsync(app), default) };
            if (door.Access is { Anonymous: false } && cells[0] != "401")
                violations.Add($"{door.Method} {door.Route} answers {cells[0]} to nobody at all");
            foreach (var role in grants.Roles)
            {
                var own = await OwnAsync(visit, door, role);
                var foreign = Visit.Belongs(door) ? await visit.GoAsync(door, await Person.MakeAsync(app, role), await Person.MakeAsync(app), default) : null;
                cells.Add(foreign is null ? own : $"{own} / {foreign}");
                violations.AddRange(Check(door, role, own, foreign, grants));
            }

            rows.Add([door.Method, door.Route, door.Needs, .. cells]);
        }

        House.Holds(violations);
        Golden.Holds("doors.md", Golden.Table(
            "Doors", "Who gets through which door. `in`: past the door, whatever the answer then is; else the status that keeps them out. Where something belongs to somebody: on one's own / on somebody else's.",
            ["method", "route", "needs", "nobody", .. grants.Roles], rows));
    }

    private async Task<string> OwnAsync(Visit visit, Door door, string role)
    {
        // Whoever may not launch a session cannot own one; they come as somebody who lost that right since.
        var owner = await Person.MakeAsync(app, role);
        if (OfSession(door) && Demoted.Contains(role))
            owner = await Person.MakeAsync(app, "user");
        var visitor = owner;
        return await visit.GoAsync(door, visitor, owner, default, beforeEntering: Demoted.Contains(role) ? () => Person.ChangeRolesAsync(app, owner, role) : null);
    }

    private static bool OfSession(Door door) =>
        door.Route.StartsWith("/api/v1/sessions/{", StringComparison.Ordinal) || door.Route.StartsWith("/api/v1/console/files/{", StringComparison.Ordinal) || door.Route.StartsWith("/api/v1/recordings/{", StringComparison.Ordinal);

    private static readonly string[] Demoted = ["auditor", "read_only"];

    private static IEnumerable<string> Check(Door door, string role, string own, string? foreign, IRoleGrants grants)
    {
        var name = $"{door.Method} {door.Route}";
        if (door.Access is { Permission: { } needed })
        {
            var holds = grants.PermissionsOf([role]).Contains(needed.Name);
            if (!holds && (own != "403" || foreign is not (null or "403")))
                yield return $"{name} answers {own} / {foreign} to {role}, who lacks {needed.Name}";
            if (holds && own is "401" or "403" && !name.Contains("/users/", StringComparison.Ordinal))
                yield return $"{name} answers {own} to {role}, who holds {needed.Name}";
        }

        // An anonymous door may have a guard of its own (the stream's ticket), which has tests of its own.
        if (door.Access is not { Anonymous: true } && Outside.Contains(role) && foreign == "in")
            yield return $"{name} lets {role} at what is somebody else's";
    }
}
