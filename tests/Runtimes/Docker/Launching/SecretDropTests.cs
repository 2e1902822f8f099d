using StreamSpace.Runtimes.Docker.Launching;

namespace StreamSpace.Runtimes.Docker.Tests.Launching;

public sealed class SecretDropTests
{
    [Theory]
    [InlineData("overlay2", "/nowhere/overlay2/abc/diff")]
    [InlineData("overlayfs", "/tmp")]
    [InlineData("overlay2", null)]
    public void Where_it_cannot_be_laid_the_engine_has_to_do_it(string driver, string? upper) =>
        Assert.False(SecretDrop.TryLay(new(driver, upper is null ? [] : new(StringComparer.Ordinal) { ["UpperDir"] = upper }), "secret"));

    [Fact]
    public void An_engine_that_shifts_user_ids_has_to_do_it_itself()
    {
        var root = Directory.CreateTempSubdirectory("secret-drop-").FullName;
        var upper = Directory.CreateDirectory(Path.Combine(root, "100000.100000", "overlay2", "abc", "diff")).FullName;
        try
        {
            Assert.False(SecretDrop.TryLay(new("overlay2", new(StringComparer.Ordinal) { ["UpperDir"] = upper }), "secret"));
            Assert.Empty(Directory.EnumerateFileSystemEntries(upper));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }
}
