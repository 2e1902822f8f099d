using System.Formats.Tar;
using Microsoft.Extensions.Options;
using StreamSpace.Runtimes.Docker.Images;

namespace StreamSpace.Runtimes.Docker.Tests.Images;

public sealed class RecipesTests
{
    private readonly Recipes _shipped = new(Options.Create(new DockerOptions()));

    [Theory]
    [InlineData("desktop")]
    [InlineData("terminal")]
    [InlineData("firefox")]
    [InlineData("chromium")]
    [InlineData("libreoffice")]
    [InlineData("gimp")]
    [InlineData("geany")]
    public void Every_shipped_recipe_stands_on_the_base(string recipe) => Assert.Equal(["base", recipe], _shipped.Chain(recipe));

    [Theory]
    [InlineData("../images/base")]
    [InlineData("base/look")]
    [InlineData("")]
    [InlineData("nothing")]
    [InlineData("Base")]
    public void Only_a_name_of_the_folder_is_a_recipe(string recipe)
    {
        Assert.False(_shipped.Has(recipe));
        Assert.Empty(_shipped.Chain(recipe));
    }

    [Fact]
    public async Task The_context_holds_every_file_with_its_rights()
    {
        using var packed = await _shipped.PackAsync("base", CancellationToken.None);
        var names = new List<string>();
        await using var tar = new TarReader(packed);
        while (await tar.GetNextEntryAsync() is { } entry)
            names.Add(entry.Name);
        Assert.Contains("Dockerfile", names);
        Assert.Contains("look/themes/StreamSpace/openbox-3/themerc", names);
    }

    [Fact]
    public void Whatever_changes_in_a_recipe_or_below_it_changes_its_fingerprint_and_nothing_else_does()
    {
        var root = Directory.CreateTempSubdirectory("recipes-").FullName;
        try
        {
            void Write(string file, string text)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(root, file))!);
                File.WriteAllText(Path.Combine(root, file), text);
            }

            Write("low/Dockerfile", "FROM debian:bookworm-slim\n");
            Write("low/look/colours", "blue");
            Write("high/Dockerfile", "FROM streamspace/low:1\n");
            Write("other/Dockerfile", "FROM streamspace/low:1\n");
            var recipes = new Recipes(Options.Create(new DockerOptions { ImagesPath = root }));
            var seen = new List<string> { recipes.Fingerprint("high"), recipes.Fingerprint("other") };

            File.SetLastWriteTimeUtc(Path.Combine(root, "high/Dockerfile"), DateTime.UnixEpoch);
            File.SetUnixFileMode(Path.Combine(root, "high/Dockerfile"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite);
            Write("other/more", "x");
            Assert.Equal(seen[0], recipes.Fingerprint("high"));

            foreach (var change in new Action[]
            {
                () => Write("low/look/colours", "red"),
                () => Write("low/look/color", "red"),
                () => File.Move(Path.Combine(root, "low/look/color"), Path.Combine(root, "low/color")),
                () => File.SetUnixFileMode(Path.Combine(root, "low/color"), UnixFileMode.UserRead | UnixFileMode.UserExecute),
                () => Write("high/Dockerfile", "FROM streamspace/low:1\nENV A=b\n"),
            })
            {
                change();
                seen.Add(recipes.Fingerprint("high"));
            }

            Assert.Distinct(seen);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public void A_recipe_that_stands_on_itself_does_not_hang()
    {
        var root = Directory.CreateTempSubdirectory("recipes-").FullName;
        try
        {
            foreach (var (name, on) in new[] { ("a", "b"), ("b", "a") })
            {
                Directory.CreateDirectory(Path.Combine(root, name));
                File.WriteAllText(Path.Combine(root, name, "Dockerfile"), $"FROM streamspace/{on}:1\n");
            }

            Assert.Equal(["b", "a"], new Recipes(Options.Create(new DockerOptions { ImagesPath = root })).Chain("a"));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }
}
