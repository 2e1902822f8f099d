using System.Collections.Concurrent;
using System.Net.Http;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Runtimes.Docker.Engine;

namespace StreamSpace.Runtimes.Docker.Images;

/// <summary>What a launch must know of an image.</summary>
/// <param name="Id">The engine's id of it.</param>
/// <param name="UserNamespaces">It may make user namespaces.</param>
/// <param name="KeepsContract">It is made by a recipe that keeps the image contract.</param>
/// <param name="Recipe">Fingerprint of the recipe that made it; null for other people's images.</param>
internal sealed record ImageFacts(string Id, bool UserNamespaces, bool KeepsContract, string? Recipe);

/// <summary>Which images the engine has; makes the missing ones, each only once however many ask.</summary>
internal sealed class ImageShelf(EngineClient engine, ImageMaker maker, Recipes recipes, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(60);
    private readonly ConcurrentDictionary<string, (ImageFacts Facts, long At)> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SharedWork> _works = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _closing = new();

    public void Forget(string image) => _known.TryRemove(image, out _);

    /// <summary>The image when the engine has it; null otherwise. An answer of the last minute is good enough.</summary>
    public async ValueTask<ImageFacts?> FindAsync(string image, CancellationToken ct)
    {
        if (!IsName(image))
            return null;
        if (_known.TryGetValue(image, out var known) && clock.GetElapsedTime(known.At) < Fresh)
            return known.Facts;
        try
        {
            var detail = await engine.GetAsync($"/images/{image}/json", EngineJson.Default.ImageDetail, ct);
            var labels = detail.Config?.Labels;
            var facts = new ImageFacts(detail.Id, labels?.GetValueOrDefault(Names.UserNamespaces) is "1", labels?.GetValueOrDefault(Names.Contract) is "1", labels?.GetValueOrDefault(Names.Recipe));
            _known[image] = (facts, clock.GetTimestamp());
            return facts;
        }
        catch (EngineFailure e) when (e.Missing)
        {
            Forget(image);
            return null;
        }
    }

    /// <summary>The image is what its recipe would make today; images without a recipe of ours are never out of date.</summary>
    public bool IsCurrent(ImageFacts facts, string? recipe) => recipe is null || !recipes.Has(recipe) || facts.Recipe == recipes.Fingerprint(recipe);

    /// <summary>
    /// The image, made first when it is missing or its recipe has changed since. The old one loses its name then and stays for the sessions that
    /// run on it, until somebody prunes the engine's images.
    /// </summary>
    public async Task<ImageFacts> EnsureAsync(string image, string? recipe, IProgress<LaunchProgress>? progress, CancellationToken ct)
    {
        if (await FindAsync(image, ct) is { } there && IsCurrent(there, recipe))
            return there;
        await Work(image, work => recipe is not null && recipes.Has(recipe)
            ? BuildAsync(image, recipe, work, anew: false)
            : maker.PullAsync(image, work, _closing.Token)).WaitAsync(progress, ct);
        return await FindAsync(image, ct)
            ?? throw new RuntimeFailure(RuntimeReasons.ImageBuildFailed, $"The engine says that {image} was made, but does not have it.");
    }

    /// <summary>Builds the recipe's image, and those below it, whether the engine has them or not.</summary>
    public Task RebuildAsync(string recipe, IProgress<LaunchProgress> progress, CancellationToken ct) => recipes.Has(recipe)
        ? Work(Recipes.ImageOf(recipe), work => BuildAsync(Recipes.ImageOf(recipe), recipe, work, anew: true)).WaitAsync(progress, ct)
        : throw new RuntimeFailure(RuntimeReasons.ImageBuildFailed, $"There is no recipe '{recipe}' among the image recipes; check Runtimes:Docker:ImagesPath.");

    public void Dispose()
    {
        _closing.Cancel();
        _closing.Dispose();
    }

    /// <summary>An image's name stands in the path of a request: it must not lead to another one.</summary>
    public static bool IsName(string image) =>
        image.Length is > 0 and < 256 && char.IsAsciiLetterOrDigit(image[0]) && !image.Contains("..", StringComparison.Ordinal)
        && image.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '/' or ':' or '@' or '-');

    private async Task BuildAsync(string image, string recipe, IProgress<LaunchProgress> progress, bool anew)
    {
        var below = new List<string>();
        foreach (var parent in recipes.Chain(recipe))
        {
            if (parent != recipe && (anew || await FindAsync(Recipes.ImageOf(parent), _closing.Token) is not { } there || !IsCurrent(there, parent)))
                below.Add(parent);
        }

        for (var i = 0; i < below.Count; i++)
        {
            var part = new PartOf(progress, i, below.Count + 1);
            if (anew)
            {
                await maker.BuildAsync(below[i], Recipes.ImageOf(below[i]), part, _closing.Token);
                Forget(Recipes.ImageOf(below[i]));
            }
            else
            {
                await EnsureAsync(Recipes.ImageOf(below[i]), below[i], part, _closing.Token);
            }
        }

        await maker.BuildAsync(recipe, image, new PartOf(progress, below.Count, below.Count + 1), _closing.Token);
        Forget(image);
    }

    private SharedWork Work(string image, Func<IProgress<LaunchProgress>, Task> begin)
    {
        lock (_gate)
        {
            if (_works.TryGetValue(image, out var running) && !running.Task.IsCompleted)
                return running;
            var work = new SharedWork();
            work.Begin(begin);
            return _works[image] = work;
        }
    }
}
