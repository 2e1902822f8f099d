using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using StreamSpace.Contracts.Identity;
using StreamSpace.Kernel;

namespace StreamSpace.Identity;

/// <summary>People, their passwords and their logins.</summary>
public sealed class IdentityModule : IModule
{
    /// <inheritdoc/>
    public string Name => "identity";

    /// <inheritdoc/>
    public void Add(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<IdentityOptions>().BindConfiguration("Identity").ValidateDataAnnotations().ValidateOnStart();
        services.AddModuleDb<IdentityDb>();
        services.AddSingleton<UserRules>();
        services.AddScoped<UserChanges>();
        services.AddSingleton<Passwords>();
        services.AddSingleton<LoginThrottle>();
        services.AddSingleton<SharedSecrets>();
        services.AddSingleton<KeyRing>();
        services.AddSingleton<TokenCache>();
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<ForgeryTokens>();
        services.AddSingleton<LoginUses>();
        services.AddSingleton<LiveLogins>();
        services.AddSingleton<LoginOpening>();
        services.AddSingleton<LoginEnding>();
        services.AddSingleton<SetupCode>();
        services.AddSingleton<FirstAdministrator>();
        services.AddSingleton<ICallerSource, CallerSource>();
        services.AddSingleton<ISetupCode>(p => p.GetRequiredService<SetupCode>());
        services.AddSingleton<IUserDirectory, UserDirectory>();
        services.AddSingleton<ILoginDirectory, LoginDirectory>();
        services.AddHostedService<IdentityStart>();
        services.AddHostedService<LiveLoginsFollower>();
        services.AddHostedService<LoginUseWriter>();
        services.AddHostedService<LoginSweeper>();
    }

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder api)
    {
        SetUp.Map(api);
        LogInByPassword.Map(api);
        RefreshLogin.Map(api);
        LogOut.Map(api);
        WhoAmI.Map(api);
        MyLogins.Map(api);
        ChangeMyPassword.Map(api);
        ListUsers.Map(api);
        CreateUser.Map(api);
        ShowUser.Map(api);
        ChangeUser.Map(api);
        LockUser.Map(api);
        ResetPassword.Map(api);
        ForceLogout.Map(api);
        DeleteUser.Map(api);
        MyPreferences.Map(api);
    }

    /// <inheritdoc/>
    public void MapOutside(IEndpointRouteBuilder root) => Jwks.Map(root);
}
