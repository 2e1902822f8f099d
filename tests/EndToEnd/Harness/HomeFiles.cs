namespace StreamSpace.EndToEnd.Tests.Harness;

/// <summary>Looks into a person's home from outside of the session, as the machine's administrator could.</summary>
internal static class HomeFiles
{
    /// <summary>Waits until the file is there and answers its text.</summary>
    public static async Task<string> ReadAsync(ServerProcess server, string runtime, string session, string file)
    {
        for (var left = 150; ; left--)
        {
            if (await TryReadAsync(server, runtime, session, file) is { Length: > 0 } text)
                return text;
            if (left == 0)
                throw new TimeoutException($"No file \"{file}\" came to be in the home.");
            await Task.Delay(100);
        }
    }

    private static async Task<string?> TryReadAsync(ServerProcess server, string runtime, string session, string file)
    {
        if (runtime == "local")
        {
            var homes = Path.Combine(server.Data, "local", "homes");
            var found = Directory.Exists(homes) ? Directory.EnumerateDirectories(homes).Select(h => Path.Combine(h, file)).FirstOrDefault(File.Exists) : null;
            return found is null ? null : await File.ReadAllTextAsync(found);
        }

        var container = (await Shell.RunAsync("docker", "ps", "-q", "--filter", $"label=streamspace.session={session}")).Trim();
        try
        {
            return container.Length == 0 ? null : await Shell.RunAsync("docker", "exec", container, "cat", "/home/user/" + file);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
