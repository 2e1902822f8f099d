using Microsoft.Extensions.DependencyInjection;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Runtimes.Docker.Engine;
using StreamSpace.Runtimes.Docker.Images;
using StreamSpace.Runtimes.Tests.ContractSuite;
using StreamSpace.Tests.Shared;

namespace StreamSpace.Runtimes.Docker.Tests;

/// <summary>Images that are missing are built or pulled, once, with progress; the contract is checked for real.</summary>
[Trait("Category", "Slow")]
public sealed class ImagesTests(DockerBed bed) : IClassFixture<DockerBed>, IAsyncLifetime
{
    private readonly string _recipes = Directory.CreateTempSubdirectory("recipes-").FullName;
    private readonly string _word = $"t{Guid.CreateVersion7():N}";

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        Directory.Delete(_recipes, recursive: true);
        if (Requirements.SkipReason("docker") is not null)
            return;
        foreach (var row in await bed.Part<EngineClient>().GetAsync("/images/json", EngineJson.Default.ListImageRow, CancellationToken.None))
        {
            foreach (var tag in row.RepoTags ?? [])
            {
                if (tag.Contains(_word, StringComparison.Ordinal))
                    await bed.Part<EngineClient>().DoAsync(HttpMethod.Delete, $"/images/{tag}?force=true", null, CancellationToken.None);
            }
        }
    }

    [RequiresFact("docker")]
    public async Task Launches_that_need_the_same_image_share_one_build_and_each_sees_its_progress()
    {
        // The argument makes the build new each time, so that the engine's cache cannot answer.
        Recipe($"{_word}-low", $"FROM streamspace/terminal:1\nRUN echo {_word} && sleep 1\n");
        Recipe($"{_word}-high", $"FROM streamspace/{_word}-low:1\nRUN echo Unpacking {_word} && sleep 1\nRUN true\n");
        var server = bed.OpenServer(("ImagesPath", _recipes));
        var runtime = server.GetRequiredService<ISessionRuntime>();
        var application = bed.Terminal with { Image = $"streamspace/{_word}-high:1", ImageRecipe = $"{_word}-high" };
        var readiness = await runtime.CheckAsync(application, CancellationToken.None);
        Assert.Equal(ReadinessState.NeedsImage, readiness.State);
        Assert.Contains($"streamspace image build {_word}-high", readiness.Remedy, StringComparison.Ordinal);

        var (one, two) = (new Heard(), new Heard());
        var (first, second) = (bed.Spec(application), bed.Spec(application));
        using var patience = RuntimeBed.Patience(120);
        await Task.WhenAll(runtime.StartAsync(first, one, patience.Token), runtime.StartAsync(second, two, patience.Token));
        try
        {
            Assert.Equal(ReadinessState.Ready, (await runtime.CheckAsync(application, CancellationToken.None)).State);
            foreach (var heard in (Heard[])[one, two])
            {
                var percents = heard.Of(LaunchStep.PrepareImage).Select(progress => progress.Percent).OfType<int>().ToList();
                Assert.Equal(percents.Order(), percents);
                Assert.Contains(percents, percent => percent is > 0 and < 100);
                Assert.Equal(100, percents[^1]);
                Assert.Contains(heard.Of(LaunchStep.PrepareImage), progress => progress.Text.Contains(_word, StringComparison.Ordinal));
            }

            Assert.Equal(one.Of(LaunchStep.PrepareImage).Count(progress => progress.Percent is > 0), two.Of(LaunchStep.PrepareImage).Count(progress => progress.Percent is > 0));
        }
        finally
        {
            await runtime.DeleteAsync(first.Session, CancellationToken.None);
            await runtime.DeleteAsync(second.Session, CancellationToken.None);
        }
    }

    [RequiresFact("docker")]
    public async Task An_image_that_somebody_removed_a_moment_ago_is_made_again()
    {
        Recipe($"{_word}-gone", "FROM streamspace/terminal:1\nENV A=b\n");
        var runtime = bed.OpenServer(("ImagesPath", _recipes)).GetRequiredService<ISessionRuntime>();
        var image = $"streamspace/{_word}-gone:1";
        var spec = bed.Spec(bed.Terminal with { Image = image, ImageRecipe = $"{_word}-gone" });
        try
        {
            await runtime.StartAsync(spec, new Progress<LaunchProgress>(), CancellationToken.None);
            await runtime.StopAsync(spec.Session, CancellationToken.None);
            await bed.Part<EngineClient>().DoAsync(HttpMethod.Delete, $"/images/{image}", null, CancellationToken.None);
            await runtime.StartAsync(spec, new Progress<LaunchProgress>(), CancellationToken.None);
        }
        finally
        {
            await runtime.DeleteAsync(spec.Session, CancellationToken.None);
        }
    }

    [RequiresFact("docker")]
    public async Task An_image_whose_recipe_or_ground_changed_is_built_anew_at_the_next_launch_and_only_then()
    {
        Recipe($"{_word}-ground", "FROM streamspace/terminal:1\nENV COLOUR=blue\n");
        Recipe($"{_word}-top", $"FROM streamspace/{_word}-ground:1\nENV SHAPE=round\n");
        var server = bed.OpenServer(("ImagesPath", _recipes));
        var (runtime, engine) = (server.GetRequiredService<ISessionRuntime>(), server.GetRequiredService<EngineClient>());
        var application = bed.Terminal with { Image = $"streamspace/{_word}-top:1", ImageRecipe = $"{_word}-top" };
        var spec = bed.Spec(application);
        try
        {
            var first = await LaunchAsync();
            Assert.Contains("COLOUR=blue", first.Config!.Env!);
            Assert.Equal(first.Id, (await LaunchAsync()).Id);

            // Only the ground changes; the minute for which an image's sight is trusted has not passed.
            Recipe($"{_word}-ground", "FROM streamspace/terminal:1\nENV COLOUR=red\n");
            var readiness = await runtime.CheckAsync(application, CancellationToken.None);
            Assert.Equal(ReadinessState.NeedsImage, readiness.State);
            Assert.Contains("recipe has changed", readiness.Remedy, StringComparison.Ordinal);
            var second = await LaunchAsync();
            Assert.Contains("COLOUR=red", second.Config!.Env!);
            Assert.Equal(ReadinessState.Ready, (await runtime.CheckAsync(application, CancellationToken.None)).State);

            // The old one has no name any more: pruning finds it.
            var old = await engine.GetAsync($"/images/{first.Id}/json", EngineJson.Default.ImageDetail, CancellationToken.None);
            Assert.Empty(old.RepoTags ?? []);

            // Built by hand it is just as current.
            Recipe($"{_word}-top", $"FROM streamspace/{_word}-ground:1\nENV SHAPE=square\n");
            await foreach (var unused in server.GetRequiredService<IImageWorkshop>().BuildAsync($"{_word}-top", CancellationToken.None))
                Assert.Equal(LaunchStep.PrepareImage, unused.Step);
            Assert.Equal(ReadinessState.Ready, (await runtime.CheckAsync(application, CancellationToken.None)).State);
            await engine.DoAsync(HttpMethod.Delete, $"/images/{first.Id}?force=true", null, CancellationToken.None);
        }
        finally
        {
            await runtime.DeleteAsync(spec.Session, CancellationToken.None);
        }

        async Task<ImageDetail> LaunchAsync()
        {
            await runtime.StartAsync(spec, new Progress<LaunchProgress>(), CancellationToken.None);
            await runtime.StopAsync(spec.Session, CancellationToken.None);
            return await engine.GetAsync($"/images/{application.Image}/json", EngineJson.Default.ImageDetail, CancellationToken.None);
        }
    }

    [RequiresFact("docker")]
    public async Task A_build_that_fails_says_what_it_printed_last()
    {
        Recipe($"{_word}-bad", "FROM streamspace/terminal:1\nRUN echo the disk is full && exit 9\n");
        var runtime = bed.OpenServer(("ImagesPath", _recipes)).GetRequiredService<ISessionRuntime>();
        var spec = bed.Spec(bed.Terminal with { Image = $"streamspace/{_word}-bad:1", ImageRecipe = $"{_word}-bad" });
        var failure = await Shell.RefusedAsync(() => runtime.StartAsync(spec, new Progress<LaunchProgress>(), CancellationToken.None), RuntimeReasons.ImageBuildFailed);
        Assert.Contains("the disk is full", failure.Message, StringComparison.Ordinal);
        Assert.Empty(await bed.TracesAsync(spec));
    }

    [RequiresFact("docker")]
    public async Task An_image_that_cannot_be_pulled_is_told()
    {
        var spec = bed.Spec(bed.Terminal with { Image = $"127.0.0.1:1/{_word}:2", ImageRecipe = null });
        var failure = await Shell.RefusedAsync(() => bed.StartAsync(spec), RuntimeReasons.ImagePullFailed);
        Assert.Contains(_word, failure.Message, StringComparison.Ordinal);
    }

    [RequiresFact("docker")]
    public async Task A_stop_does_not_wait_for_a_build()
    {
        Recipe($"{_word}-slow", $"FROM streamspace/terminal:1\nRUN echo {_word} && sleep 5\n");
        var runtime = bed.OpenServer(("ImagesPath", _recipes)).GetRequiredService<ISessionRuntime>();
        var spec = bed.Spec(bed.Terminal with { Image = $"streamspace/{_word}-slow:1", ImageRecipe = $"{_word}-slow" });
        var start = runtime.StartAsync(spec, new Progress<LaunchProgress>(), CancellationToken.None);
        await Task.Delay(500);
        await runtime.DeleteAsync(spec.Session, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(3));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start);
    }

    [RequiresFact("docker")]
    public async Task Our_own_image_keeps_every_clause_of_the_contract()
    {
        var findings = await FindingsAsync("streamspace/terminal:1");
        Assert.Equal(["present", "display", "password", "geometry", "picture", "user", "tools", "ending"], findings.Select(finding => finding.Clause));
        Assert.All(findings, finding => Assert.True(finding.Passed, finding.Text));
    }

    [RequiresFact("docker")]
    public async Task An_image_that_breaks_the_contract_is_told_where()
    {
        Recipe($"{_word}-deaf", "FROM streamspace/terminal:1\nENTRYPOINT [\"/bin/bash\", \"-c\", \"trap : TERM; Xtigervnc :1 -rfbport 5900 -SecurityTypes None -geometry 800x600 & while :; do sleep 1; done\"]\nCMD []\n");
        var server = bed.OpenServer(("ImagesPath", _recipes));
        await foreach (var unused in server.GetRequiredService<IImageWorkshop>().BuildAsync($"{_word}-deaf", CancellationToken.None))
            Assert.Equal(LaunchStep.PrepareImage, unused.Step);
        var findings = await FindingsAsync($"streamspace/{_word}-deaf:1");
        Assert.All(findings.Take(2), finding => Assert.True(finding.Passed, finding.Text));
        Assert.Contains("no VNC password", findings.Single(finding => finding.Clause == "password").Text, StringComparison.Ordinal);
        Assert.False(findings.Single(finding => finding.Clause == "ending").Passed);
        Assert.False((await FindingsAsync($"streamspace/{_word}-nowhere:1")).Single().Passed);
        Assert.False((await FindingsAsync("../containers/x")).Single().Passed);
    }

    private async Task<List<ImageFinding>> FindingsAsync(string image)
    {
        var findings = new List<ImageFinding>();
        using var patience = RuntimeBed.Patience(90);
        await foreach (var finding in bed.Part<IImageWorkshop>().CheckAsync(image, patience.Token))
            findings.Add(finding);
        return findings;
    }

    private void Recipe(string name, string text)
    {
        Directory.CreateDirectory(Path.Combine(_recipes, name));
        File.WriteAllText(Path.Combine(_recipes, name, "Dockerfile"), text);
    }

    private sealed class Heard : IProgress<LaunchProgress>
    {
        private readonly List<LaunchProgress> _all = [];

        public void Report(LaunchProgress value)
        {
            lock (_all)
                _all.Add(value);
        }

        public IReadOnlyList<LaunchProgress> Of(LaunchStep step)
        {
            lock (_all)
                return [.. _all.Where(progress => progress.Step == step)];
        }
    }
}
