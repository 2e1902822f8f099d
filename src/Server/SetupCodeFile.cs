using StreamSpace.Contracts.Identity;

namespace StreamSpace.Server;

/// <summary>
/// Shows the one-time set-up code to whoever started the server: in a terminal, and in a 0600 file for scripts that start it; a log gets only the
/// file's name. The file goes at the next start after there is an administrator; the code is worth nothing from that moment on.
/// </summary>
internal static class SetupCodeFile
{
    public static async Task ShowAsync(IServiceProvider services, ServerOptions options)
    {
        var path = Path.Combine(options.Data, "setup-code");
        await using var scope = services.CreateAsyncScope();
        if (await scope.ServiceProvider.GetRequiredService<ISetupCode>().FindAsync(CancellationToken.None) is not { } code)
        {
            File.Delete(path);
            return;
        }

        await using (var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
        await using (var writer = new StreamWriter(file))
            await writer.WriteAsync(code);
        Console.WriteLine(Console.IsOutputRedirected
            ? $"The set-up code is in {path}; it is asked for once, when you create the first administrator."
            : $"Set-up code: {code}  (asked for once, when you create the first administrator)");
    }
}
