using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StreamSpace.Kernel;

namespace StreamSpace.Identity;

/// <summary>Before the first request: loads the shared keys, and creates the first administrator when the settings name one and there is none.</summary>
internal sealed partial class IdentityStart(
    IConfiguration configuration, ForgeryTokens forgery, KeyRing ring, SetupCode code, FirstAdministrator first,
    IDbContextFactory<IdentityDb> databases, ILogger<IdentityStart> log) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await forgery.LoadAsync(cancellationToken);
        await ring.SignerAsync(cancellationToken);
        // STREAMSPACE_ADMIN_USERNAME and _PASSWORD, with or without the prefix taken off by the configuration.
        var username = configuration["ADMIN_USERNAME"] ?? configuration["STREAMSPACE_ADMIN_USERNAME"];
        var password = configuration["ADMIN_PASSWORD"] ?? configuration["STREAMSPACE_ADMIN_PASSWORD"];
        if (!string.IsNullOrEmpty(username) && !string.IsNullOrEmpty(password))
            await CreateAsync(username, password, cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task CreateAsync(string username, string password, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        if (!await code.NeededAsync(db, ct))
            return;
        if (!Names.IsValid(username))
            throw new InvalidOperationException($"STREAMSPACE_ADMIN_USERNAME {Names.PatternText}");
        using var runsAs = CallerAccessor.RunAs(Caller.System("setup"));
        var created = await first.CreateAsync(db, username, password, null, null, ct);
        if (created.Ok)
            LogCreated(log, created.Value.Username);
        else if (created.Failure != FirstAdministrator.NotNeeded)
            throw new InvalidOperationException($"The first administrator of STREAMSPACE_ADMIN_USERNAME and STREAMSPACE_ADMIN_PASSWORD cannot be created. {created.Failure.Text}");
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Created the first administrator, {Username}")]
    private static partial void LogCreated(ILogger log, string username);
}
