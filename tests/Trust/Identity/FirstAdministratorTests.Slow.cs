using Microsoft.Extensions.DependencyInjection;
using StreamSpace.Contracts.Identity;
using StreamSpace.Testing;

namespace StreamSpace.Trust.Tests.Identity;

/// <summary>The first administrator that the settings name.</summary>
[Trait("Category", "Slow")]
public sealed class FirstAdministratorTests
{
    [Fact]
    public async Task The_settings_make_an_administrator_only_while_there_is_none()
    {
        await using var app = await TestApp.StartAsync(o =>
        {
            o.WithAdmin = false;
            o.Settings["ADMIN_USERNAME"] = "Admin";
            o.Settings["ADMIN_PASSWORD"] = TestApp.Password;
        });
        Assert.Null(await app.Services.GetRequiredService<ISetupCode>().FindAsync(default));
        using var admin = await app.LoginAsync(TestApp.AdminName);
        Assert.Equal(System.Net.HttpStatusCode.OK, (await admin.GetAsync("/api/v1/users")).StatusCode);

        await using var again = await TestApp.StartAsync(o =>
        {
            (o.Database, o.WithAdmin) = (app.Database, false);
            o.Settings["ADMIN_USERNAME"] = "intruder";
            o.Settings["ADMIN_PASSWORD"] = TestApp.Password;
        });
        Assert.Null(await again.Services.GetRequiredService<IUserDirectory>().FindAsync("intruder", default));
        var found = await again.Services.GetRequiredService<IUserDirectory>().FindAsync("ADMIN", default);
        Assert.Equal(("admin", UserState.Active, "admin"), (found!.Username, found.State, found.Slug));
        Assert.Equal("admin", (await again.Services.GetRequiredService<IUserDirectory>().FindAsync([found.Id], default))[found.Id].DisplayName.ToLowerInvariant());
    }

    [Theory]
    [InlineData("admin", "password123", "STREAMSPACE_ADMIN_PASSWORD")]
    [InlineData("not a name", TestApp.Password, "STREAMSPACE_ADMIN_USERNAME")]
    public async Task Settings_that_will_not_do_stop_the_start_and_say_why(string username, string password, string told)
    {
        var refused = await Assert.ThrowsAnyAsync<InvalidOperationException>(() => TestApp.StartAsync(o =>
        {
            o.WithAdmin = false;
            o.Settings["ADMIN_USERNAME"] = username;
            o.Settings["ADMIN_PASSWORD"] = password;
        }));
        Assert.Contains(told, refused.Message);
        Assert.DoesNotContain(password, refused.Message);
    }

    [Fact]
    public async Task Fewer_rounds_than_is_wise_are_refused_at_the_start() =>
        await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => TestApp.StartAsync(o => o.Settings["Identity:PasswordIterations"] = "1000"));
}
