using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StreamSpace.Access;
using StreamSpace.Contracts.Access;
using StreamSpace.Kernel;
using StreamSpace.Testing;

namespace StreamSpace.Trust.Tests.Access;

[Collection(SharedServer.Name)]
public sealed class RoleTests(OneServer server)
{
    private readonly TestApp app = server.App;

    [Fact]
    public void An_administrator_holds_everything_and_an_unknown_role_nothing()
    {
        var grants = app.Services.GetRequiredService<IRoleGrants>();
        var all = app.Services.GetRequiredService<PermissionRegistry>().All.Select(p => p.Name).ToHashSet();
        Assert.Equal(all, grants.PermissionsOf(["admin"]).ToHashSet());
        Assert.Empty(grants.PermissionsOf(["emperor", ""]));
        Assert.Empty(grants.PermissionsOf([]));
    }

    [Fact]
    public void Roles_add_up_and_their_order_does_not_matter()
    {
        var grants = new RoleGrants(new PermissionRegistry([new("a.see", "See a.", Roles.Auditor), new("b.see", "See b.", Roles.User), new("c.do", "Do c.")]));
        Assert.Equal(["a.see", "b.see"], grants.PermissionsOf(["user", "auditor"]).Order());
        Assert.Same(grants.PermissionsOf(["auditor", "user"]), grants.PermissionsOf(["user", "auditor", "emperor"]));
        Assert.DoesNotContain("c.do", grants.PermissionsOf(["operator", "team_admin", "user", "auditor", "read_only"]));
    }

    [Fact]
    public async Task Permissions_and_roles_are_listed_with_a_sentence_each_and_agree()
    {
        using var admin = await app.AdminAsync();
        var permissions = (await (await admin.GetAsync("/api/v1/permissions")).JsonAsync()).GetProperty("items").EnumerateArray().ToList();
        var roles = (await (await admin.GetAsync("/api/v1/roles")).JsonAsync()).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(["admin", "operator", "team_admin", "user", "auditor", "read_only"], roles.Select(r => r.JsonString("name")));
        Assert.All(permissions.Concat(roles), p => Assert.EndsWith(".", p.JsonString("sentence")));
        foreach (var role in roles)
        {
            var listed = role.GetProperty("permissions").EnumerateArray().Select(p => p.GetString()!).Order();
            Assert.Equal(permissions.Where(p => p.GetProperty("roles").EnumerateArray().Any(r => r.GetString() == role.JsonString("name"))).Select(p => p.JsonString("name")).Order(), listed);
        }
    }
}
