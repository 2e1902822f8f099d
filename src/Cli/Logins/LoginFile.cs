using System.Text.Json;
using StreamSpace.Client;

namespace StreamSpace.Cli.Logins;

/// <summary>One login of this person on one server.</summary>
internal sealed record SavedLogin(string Username, Tokens Tokens);

/// <summary>What the file holds.</summary>
internal sealed record SavedLogins(string? Current, Dictionary<string, SavedLogin> Servers);

/// <summary>
/// The file of logins: readable by its owner alone, replaced in one step, and locked while a token is renewed, because two
/// programs that spend the same refresh token would end the login.
/// </summary>
internal sealed class LoginFile(string path)
{
    public string Path => path;

    /// <summary>Where it lies: <c>$XDG_CONFIG_HOME/streamspace/logins.json</c>.</summary>
    public static LoginFile Of(Func<string, string?> environment)
    {
        var configuration = environment("XDG_CONFIG_HOME") is { Length: > 0 } named
            ? named
            : System.IO.Path.Combine(environment("HOME") is { Length: > 0 } home ? home : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config");
        return new LoginFile(System.IO.Path.Combine(configuration, "streamspace", "logins.json"));
    }

    public SavedLogins Read()
    {
        if (!File.Exists(path))
            return new SavedLogins(null, []);
        if ((File.GetUnixFileMode(path) & (UnixFileMode)0b000_111_111) != UnixFileMode.None)
            throw new CliFailure(ExitCode.NotLoggedIn, $"{path} can be read by others, so its tokens are not used. Close it with: chmod 600 '{path}'");
        try
        {
            return JsonSerializer.Deserialize<SavedLogins>(File.ReadAllBytes(path), ClientJson.Options) is { Servers: not null } saved ? saved : new SavedLogins(null, []);
        }
        catch (JsonException)
        {
            throw new CliFailure(ExitCode.Failure, $"{path} is damaged. Remove it and log in again.");
        }
    }

    public void Write(SavedLogins logins)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!, (UnixFileMode)0b111_000_000);
        var fresh = $"{path}.{Environment.ProcessId}";
        File.Delete(fresh);
        using (var stream = new FileStream(fresh, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = (UnixFileMode)0b110_000_000 }))
            JsonSerializer.Serialize(stream, logins, ClientJson.Options);
        File.Move(fresh, path, overwrite: true);
    }

    /// <summary>Holds other programs off until disposed.</summary>
    public async ValueTask<IAsyncDisposable> LockAsync(TimeProvider clock, CancellationToken ct)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!, (UnixFileMode)0b111_000_000);
        while (true)
        {
            try
            {
                return new FileStream(path + ".lock", new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, UnixCreateMode = (UnixFileMode)0b110_000_000 });
            }
            catch (IOException) when (File.Exists(path + ".lock"))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), clock, ct);
            }
        }
    }
}

/// <summary>The tokens of one server in the file.</summary>
internal sealed class FileTokens(LoginFile file, string server, TimeProvider clock) : ITokenStore
{
    /// <summary>Set before a login, so that the file can say whose the tokens are.</summary>
    public string? Username { get; set; }

    public ValueTask<Tokens?> ReadAsync(CancellationToken ct) => new(file.Read().Servers.GetValueOrDefault(server)?.Tokens);

    public ValueTask WriteAsync(Tokens? tokens, CancellationToken ct)
    {
        var logins = file.Read();
        if (tokens is null)
        {
            if (logins.Servers.Remove(server))
                file.Write(logins with { Current = logins.Current == server ? null : logins.Current });
            return ValueTask.CompletedTask;
        }

        logins.Servers[server] = new SavedLogin(Username ?? logins.Servers.GetValueOrDefault(server)?.Username ?? "", tokens);
        file.Write(logins with { Current = server });
        return ValueTask.CompletedTask;
    }

    public ValueTask<IAsyncDisposable> LockAsync(CancellationToken ct) => file.LockAsync(clock, ct);
}
