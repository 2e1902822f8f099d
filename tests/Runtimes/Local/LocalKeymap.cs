using StreamSpace.Contracts.Runtimes;
using StreamSpace.Runtimes.Local;
using StreamSpace.Runtimes.Local.Desktop;
using StreamSpace.Runtimes.Local.Launching;
using StreamSpace.Runtimes.Tests.ContractSuite;
using StreamSpace.Tests.Shared;

namespace StreamSpace.Runtimes.Tests.Local;

/// <summary>The keymap that was compiled beforehand, and the stand-in for its compiler.</summary>
public sealed class LocalKeymap(LocalBed bed) : IClassFixture<LocalBed>
{
    [RequiresFact("local")]
    public async Task A_display_starts_with_the_keymap_compiled_beforehand()
    {
        // Another one is laid in its place: only a display that takes it has its keys.
        var compiled = Path.Combine(DesktopKit.LayOut(new Places(bed.Options), Programs.Find), "keymap", "compiled.xkm");
        var own = await File.ReadAllBytesAsync(compiled);
        var spec = await bed.SharedAsync();
        var (code, output) = await bed.Runtime.RunAsync(
            spec.Session, "sed s/+us+/+de+/ /opt/streamspace/keymap/wish | xkbcomp -w 0 -xkm - - | base64 -w 0");
        Assert.True(code == 0, output);
        await File.WriteAllBytesAsync(compiled, Convert.FromBase64String(output));
        try
        {
            var german = await bed.StartAsync(bed.Spec(bed.Terminal));
            Assert.Equal("udiaeresis", await UmlautAsync(german));
            await bed.Runtime.DeleteAsync(german.Session, CancellationToken.None);
        }
        finally
        {
            await File.WriteAllBytesAsync(compiled, own);
        }

        var usual = await bed.StartAsync(bed.Spec(bed.Terminal));
        Assert.Equal("", await UmlautAsync(usual));
        await bed.Runtime.DeleteAsync(usual.Session, CancellationToken.None);
    }

    [RequiresFact("local")]
    public async Task Any_other_keymap_is_compiled_as_ever()
    {
        var spec = await bed.StartAsync(bed.Spec(bed.Terminal));
        Assert.Equal(0, (await bed.Runtime.RunAsync(spec.Session, "setxkbmap de")).ExitCode);
        Assert.Equal("udiaeresis", await UmlautAsync(spec));
        Assert.NotEqual(0, (await bed.Runtime.RunAsync(spec.Session, "echo 'xkb_keymap { nonsense };' | xkbcomp -w 0 -xkm - /tmp/x.xkm")).ExitCode);
        await bed.Runtime.DeleteAsync(spec.Session, CancellationToken.None);
    }

    /// <summary>The display's own keymap, asked for a key that only the German one has.</summary>
    private async Task<string> UmlautAsync(LaunchSpec spec) =>
        (await bed.Runtime.RunAsync(spec.Session, "xkbcomp -w 0 -xkb $DISPLAY /tmp/now.xkb 2>/dev/null; grep -o -m 1 udiaeresis /tmp/now.xkb | head -n 1")).Output.Trim();
}
