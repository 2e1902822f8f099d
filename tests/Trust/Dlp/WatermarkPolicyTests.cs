using System.Net;
using System.Net.Http.Json;
using StreamSpace.Dlp;
using StreamSpace.Testing;

namespace StreamSpace.Trust.Tests.Dlp;

[Collection(SharedServer.Name)]
public sealed class WatermarkPolicyTests(OneServer server)
{
    private const string Png = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGD4DwABBAEAX+XDSwAAAABJRU5ErkJggg==";

    [Fact]
    public async Task A_watermark_is_kept_as_it_was_given_and_the_image_stays_out_of_the_audit()
    {
        using var admin = await server.App.AdminAsync();
        var watermark = new { text = "{user} {email} {ip}\n{time} {session}", image = Png, opacity = 0.25, position = "bottom_right", tile = true, refresh_seconds = 15 };
        var created = await admin.PostAsJsonAsync("/api/v1/dlp/policies", new
        {
            name = $"marked-{Environment.ProcessId}", apply_to = new { templates = new[] { "no-such-template" } }, rules = new { watermark },
        });
        Assert.True(created.StatusCode == HttpStatusCode.Created, await created.Content.ReadAsStringAsync());
        var path = created.Headers.Location!.ToString();
        var kept = (await (await admin.GetAsync(path)).JsonAsync()).GetProperty("rules").GetProperty("watermark");
        Assert.Equal((watermark.text, Png, 0.25, "bottom_right", true, 15), (
            kept.JsonString("text"), kept.JsonString("image"), kept.GetProperty("opacity").GetDouble(), kept.JsonString("position"), kept.GetProperty("tile").GetBoolean(), kept.GetProperty("refresh_seconds").GetInt32()));

        Assert.Equal(HttpStatusCode.OK, (await admin.PatchAsJsonAsync(path, new { rules = new { watermark = new { image = Png, opacity = 0.5 } } })).StatusCode);
        await ProtectedStream.Eventually(async () =>
        {
            var audit = await (await admin.GetAsync("/api/v1/audit?action=dlp.policy.updated")).Content.ReadAsStringAsync();
            Assert.DoesNotContain("iVBORw0KGgo", audit, StringComparison.Ordinal);
            return audit.Contains("sha256:", StringComparison.Ordinal);
        });
        Assert.Equal(HttpStatusCode.NoContent, (await admin.DeleteAsync(path)).StatusCode);
    }

    [Fact]
    public void An_image_is_what_its_first_bytes_say_and_no_larger_than_it_may_be()
    {
        Assert.Null(WatermarkCheck.Image(Png));
        byte[] jpeg = [0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xc0, 0, 17, 8, 0, 100, 0, 200, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1, 0xff, 0xd9];
        Assert.Null(WatermarkCheck.Image(Address("jpeg", jpeg)));
        Assert.Contains("no PNG", WatermarkCheck.Image(Address("png", jpeg)), StringComparison.Ordinal);
        Assert.Contains("4096 x 100", WatermarkCheck.Image(Address("jpeg", [.. jpeg[..15], 0x10, 0, .. jpeg[17..]])), StringComparison.Ordinal);
        Assert.Contains("no JPEG", WatermarkCheck.Image(Address("jpeg", jpeg[..8])), StringComparison.Ordinal);
        var png = Convert.FromBase64String(Png[22..]);
        Assert.Null(WatermarkCheck.Image(Address("png", [.. png, .. new byte[WatermarkCheck.MostBytes - png.Length]])));
        Assert.Contains("64 KiB", WatermarkCheck.Image(Address("png", [.. png, .. new byte[WatermarkCheck.MostBytes - png.Length + 1]])), StringComparison.Ordinal);
        Assert.NotNull(WatermarkCheck.Image("DATA:image/png;base64," + Png[22..]));
        Assert.NotNull(WatermarkCheck.Image(" " + Png));
    }

    [Theory]
    [InlineData("plain", null)]
    [InlineData("{user}{email}{ip}{time}{session}", null)]
    [InlineData("{users}", "names {users}")]
    [InlineData("{}", "names {}")]
    [InlineData("{{user}}", "brace")]
    [InlineData("}", "brace")]
    [InlineData("a\tb", "plain text")]
    public void An_unknown_variable_is_refused_by_its_name(string text, string? wrong)
    {
        if (wrong is null)
            Assert.Null(WatermarkCheck.Text(text));
        else
            Assert.Contains(wrong, WatermarkCheck.Text(text), StringComparison.Ordinal);
    }

    private static string Address(string kind, byte[] bytes) => $"data:image/{kind};base64,{Convert.ToBase64String(bytes)}";
}
