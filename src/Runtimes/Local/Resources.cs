using System.Collections.Concurrent;

namespace StreamSpace.Runtimes.Local;

/// <summary>Files that travel inside the assembly.</summary>
internal static class Resources
{
    private static readonly ConcurrentDictionary<string, byte[]> Cache = new(StringComparer.Ordinal);

    public static byte[] Bytes(string name) => Cache.GetOrAdd(name, static name =>
    {
        using var stream = typeof(Resources).Assembly.GetManifestResourceStream($"local/{name}") ?? throw new InvalidOperationException($"no resource {name}");
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    });

    public static string Text(string name) => System.Text.Encoding.UTF8.GetString(Bytes(name));

    public static IEnumerable<(string Name, byte[] Content)> Folder(string folder) =>
        typeof(Resources).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith($"local/{folder}", StringComparison.Ordinal))
            .Select(name => (name[$"local/{folder}".Length..], Bytes(name["local/".Length..])));
}
