using System.Formats.Tar;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace StreamSpace.Runtimes.Docker.Images;

/// <summary>The folder of image recipes that comes with StreamSpace: <c>images/NAME/Dockerfile</c> makes <c>streamspace/NAME:1</c>.</summary>
internal sealed partial class Recipes(IOptions<DockerOptions> options)
{
    private const int LongestContext = 32 * 1024 * 1024;
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Runnable = Readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private readonly Lazy<string?> _root = new(() => Find(options.Value.ImagesPath));

    public static string ImageOf(string recipe) => $"streamspace/{recipe}:1";

    public bool Has(string recipe) => Folder(recipe) is not null;

    /// <summary>The recipe and those it stands on, the lowest first.</summary>
    public IReadOnlyList<string> Chain(string recipe)
    {
        var chain = new List<string>();
        for (var next = recipe; next is not null && Has(next) && !chain.Contains(next, StringComparer.Ordinal); next = Parent(next))
            chain.Insert(0, next);
        return chain;
    }

    /// <summary>
    /// Digest over the files of the recipe and of those it stands on. An image carries that of its making as a label, so one that an older
    /// recipe made is told from today's. Times and rights beyond "may be run" differ between two copies of one recipe and are left out.
    /// </summary>
    public string Fingerprint(string recipe)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in Chain(recipe))
        {
            var folder = Folder(part)!;
            foreach (var file in Files(folder))
            {
                var content = File.ReadAllBytes(file);
                hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{part}\0{Path.GetRelativePath(folder, file)}\0{(MayRun(file) ? 'x' : '-')}\0{content.Length}\0")));
                hash.AppendData(content);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Everything in the recipe's folder, as the engine wants it.</summary>
    public async Task<MemoryStream> PackAsync(string recipe, CancellationToken ct)
    {
        var folder = Folder(recipe) ?? throw new DirectoryNotFoundException($"there is no recipe '{recipe}'");
        var packed = new MemoryStream();
        await using (var tar = new TarWriter(packed, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var file in Files(folder))
            {
                await using var content = File.OpenRead(file);
                if (packed.Length + content.Length > LongestContext)
                    throw new InvalidDataException($"the recipe '{recipe}' is larger than {LongestContext >> 20} MiB");
                await tar.WriteEntryAsync(
                    new PaxTarEntry(TarEntryType.RegularFile, Path.GetRelativePath(folder, file)) { DataStream = content, Mode = MayRun(file) ? Runnable : Readable }, ct);
            }
        }

        packed.Position = 0;
        return packed;
    }

    private static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    private static bool MayRun(string file) => File.GetUnixFileMode(file).HasFlag(UnixFileMode.UserExecute);

    private string? Folder(string recipe) =>
        _root.Value is { } root && RecipeName().IsMatch(recipe) && File.Exists(Path.Combine(root, recipe, "Dockerfile")) ? Path.Combine(root, recipe) : null;

    private string? Parent(string recipe)
    {
        foreach (var line in File.ReadLines(Path.Combine(Folder(recipe)!, "Dockerfile")))
        {
            if (FromLine().Match(line) is { Success: true } from)
                return from.Groups["recipe"].Value;
        }

        return null;
    }

    private static string? Find(string? configured)
    {
        if (!string.IsNullOrEmpty(configured))
            return Path.GetFullPath(configured);
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var images = Path.Combine(folder.FullName, "images");
            if (File.Exists(Path.Combine(images, "base", "Dockerfile")))
                return images;
        }

        return null;
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,62}$", RegexOptions.CultureInvariant, 200)]
    private static partial Regex RecipeName();

    [GeneratedRegex(@"^\s*FROM\s+streamspace/(?<recipe>[a-z0-9-]+):1\s*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 200)]
    private static partial Regex FromLine();
}
