using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Identity;
using StreamSpace.Identity;
using StreamSpace.Kernel;

namespace StreamSpace.Testing;

/// <summary>
/// Somebody who is logged in, made behind the door: hashing a password takes a good part of a second of a processor on purpose, which tests that are
/// not about logging in need not pay. The password is <see cref="TestApp.Password"/> all the same.
/// </summary>
/// <param name="Id">The person.</param>
/// <param name="Username">Their user name.</param>
/// <param name="Login">Their login.</param>
/// <param name="Token">Their access token.</param>
public sealed record Person(UserId Id, string Username, LoginId Login, string Token)
{
    // Hashed once per test process, in earnest.
    private static readonly Lazy<string> Hash = new(() =>
        new PasswordHasher<User>(Options.Create(new PasswordHasherOptions { IterationCount = new StreamSpace.Identity.IdentityOptions().PasswordIterations })).HashPassword(null!, TestApp.Password));

    private static int number;

    /// <summary>Makes a person with these roles.</summary>
    public static Task<Person> MakeAsync(TestApp app, params string[] roles) => MakeAsync(app, $"person-{Interlocked.Increment(ref number)}", roles);

    /// <summary>Makes a person of this name with these roles.</summary>
    public static async Task<Person> MakeAsync(TestApp app, string username, string[] roles) => await LogInAsync(app, await AddAsync(app.Services, username, roles.Length == 0 ? ["user"] : roles));

    /// <summary>Logs somebody in who is there already.</summary>
    public static async Task<Person> LogInAsync(TestApp app, string username)
    {
        await using var db = await OpenAsync(app.Services);
        return await LogInAsync(app, await db.Users.AsNoTracking().SingleAsync(u => u.Username == username && u.State == UserState.Active));
    }

    /// <summary>Gives the person other roles, and lets their login know.</summary>
    public static async Task ChangeRolesAsync(TestApp app, Person person, params string[] roles)
    {
        await using var db = await OpenAsync(app.Services);
        var user = await db.Users.SingleAsync(u => u.Id == person.Id);
        user.ChangeRoles(roles);
        await db.SaveChangesAsync();
        app.Services.GetRequiredService<LiveLogins>().Forget(person.Id);
    }

    /// <summary>The administrator every test server starts with, unless a replica made them already.</summary>
    internal static async Task AddAdministratorAsync(IServiceProvider services, string username)
    {
        await using var db = await OpenAsync(services);
        if (!await db.Users.AnyAsync(u => u.Username == username))
            await AddAsync(services, username, ["admin"]);
    }

    private static async Task<User> AddAsync(IServiceProvider services, string username, string[] roles)
    {
        var user = User.Create(username, null, null, roles, Hash.Value, mustChangePassword: false, services.GetRequiredService<TimeProvider>().GetUtcNow());
        await using var db = await OpenAsync(services);
        db.Add(user);
        services.GetRequiredService<IEventLog>().Append(db, new UserCreated(user.Id, user.Username, user.DisplayName, user.Roles));
        await db.SaveChangesAsync();
        return user;
    }

    private static async Task<Person> LogInAsync(TestApp app, User user)
    {
        var now = app.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var login = new Login { Id = LoginId.New(), UserId = user.Id, Device = "Test", Agent = "test", CreatedAt = now, LastUsedAt = now, ExpiresAt = now.AddDays(7) };
        await using var db = await OpenAsync(app.Services);
        db.Add(login);
        await db.SaveChangesAsync();
        return new(user.Id, user.Username, login.Id, await app.Services.GetRequiredService<AccessTokens>().IssueAsync(user.Id, login.Id, CancellationToken.None));
    }

    private static Task<IdentityDb> OpenAsync(IServiceProvider services) => services.GetRequiredService<IDbContextFactory<IdentityDb>>().CreateDbContextAsync();
}
