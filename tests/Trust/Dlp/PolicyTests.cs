using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using StreamSpace.Testing;

namespace StreamSpace.Trust.Tests.Dlp;

[Collection(SharedServer.Name)]
public sealed class PolicyTests(OneServer server)
{
    private static int _number;

    [Fact]
    public async Task A_policy_is_made_shown_changed_and_deleted()
    {
        using var admin = await server.App.AdminAsync();
        var name = Name();
        var created = await admin.PostAsJsonAsync("/api/v1/dlp/policies", new
        {
            name, description = "cards stay in", priority = 5, severity = "high", apply_to = new { templates = new[] { "no-such-template" } },
            rules = new { clipboard_in = new { max_bytes = 2048, filters = new object[] { new { detector = "payment_card" }, new { pattern = "PROJ-[0-9]+", name = "project", action = "warn" } } }, keys_per_second = 30 },
        });
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var body = await created.JsonAsync();
        Assert.Equal(("high", true, 5, "payment_card"), (
            body.JsonString("severity"), body.GetProperty("enabled").GetBoolean(), body.GetProperty("priority").GetInt32(),
            body.GetProperty("rules").GetProperty("clipboard_in").GetProperty("filters")[0].JsonString("detector")));
        Assert.Equal("\"1\"", created.Headers.ETag!.Tag);

        var path = created.Headers.Location!.ToString();
        Assert.Equal(name, (await (await admin.GetAsync(path)).JsonAsync()).JsonString("name"));
        var changed = await admin.PatchAsJsonAsync(path, new { enabled = false, severity = "low" });
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.Equal("\"2\"", changed.Headers.ETag!.Tag);
        var after = await changed.JsonAsync();
        Assert.Equal(("low", false, "cards stay in", 30), (
            after.JsonString("severity"), after.GetProperty("enabled").GetBoolean(), after.JsonString("description"), after.GetProperty("rules").GetProperty("keys_per_second").GetInt32()));
        Assert.Contains((await ListAsync(admin, "enabled=false")).EnumerateArray(), p => p.JsonString("name") == name);
        Assert.DoesNotContain((await ListAsync(admin, "enabled=true")).EnumerateArray(), p => p.JsonString("name") == name);

        Assert.Equal(HttpStatusCode.NoContent, (await admin.DeleteAsync(path)).StatusCode);
        Assert.Equal("POLICY_NOT_FOUND", await (await admin.GetAsync(path)).CodeAsync());
        Assert.Equal("POLICY_NOT_FOUND", await (await admin.DeleteAsync(path)).CodeAsync());
    }

    [Fact]
    public async Task Who_edits_an_older_copy_is_told_and_names_are_unique()
    {
        using var admin = await server.App.AdminAsync();
        var (name, path) = await MakeAsync(admin);
        using var patch = new HttpRequestMessage(HttpMethod.Patch, path) { Content = JsonContent.Create(new { priority = 1 }), Headers = { IfMatch = { new("\"1\"") } } };
        Assert.Equal(HttpStatusCode.OK, (await admin.SendAsync(patch)).StatusCode);
        using var late = new HttpRequestMessage(HttpMethod.Patch, path) { Content = JsonContent.Create(new { priority = 2 }), Headers = { IfMatch = { new("\"1\"") } } };
        var stale = await admin.SendAsync(late);
        Assert.Equal((HttpStatusCode.Conflict, "CHANGED_MEANWHILE"), (stale.StatusCode, await stale.CodeAsync()));
        using var remove = new HttpRequestMessage(HttpMethod.Delete, path) { Headers = { IfMatch = { new("\"1\"") } } };
        Assert.Equal("CHANGED_MEANWHILE", await (await admin.SendAsync(remove)).CodeAsync());
        Assert.Equal("NAME_TAKEN", await (await admin.PostAsJsonAsync("/api/v1/dlp/policies", Body(name.ToUpperInvariant()))).CodeAsync());
        // A change that changes nothing is none.
        Assert.Equal("\"2\"", (await admin.PatchAsJsonAsync(path, new { priority = 1 })).Headers.ETag!.Tag);
    }

    [Theory]
    [InlineData("""{"apply_to":{}}""", "apply_to")]
    [InlineData("""{"apply_to":{"templates":["../x"]}}""", "apply_to.templates[0]")]
    [InlineData("""{"rules":{"keys_per_second":0}}""", "rules.keys_per_second")]
    [InlineData("""{"rules":{"clipboard_in":{"max_bytes":-1}}}""", "rules.clipboard_in.max_bytes")]
    [InlineData("""{"rules":{"clipboard_in":{"max_bytes":99999999}}}""", "rules.clipboard_in.max_bytes")]
    [InlineData("""{"rules":{"clipboard_out":{"per_minute":0}}}""", "rules.clipboard_out.per_minute")]
    [InlineData("""{"rules":{"clipboard_out":{"mime_types":["text/plain","video/mp4"]}}}""", "rules.clipboard_out.mime_types[1]")]
    [InlineData("""{"rules":{"clipboard_in":{"filters":[{}]}}}""", "rules.clipboard_in.filters[0]")]
    [InlineData("""{"rules":{"clipboard_in":{"filters":[{"detector":"iban","pattern":"x","name":"x"}]}}}""", "rules.clipboard_in.filters[0]")]
    [InlineData("""{"rules":{"clipboard_in":{"filters":[{"detector":"iban"},{"pattern":"(","name":"x"}]}}}""", "rules.clipboard_in.filters[1].pattern")]
    [InlineData("""{"rules":{"clipboard_in":{"filters":[{"pattern":"a*","name":"x"}]}}}""", "rules.clipboard_in.filters[0].pattern")]
    [InlineData("""{"rules":{"clipboard_in":{"filters":[{"pattern":"abc"}]}}}""", "rules.clipboard_in.filters[0].name")]
    [InlineData("""{"rules":{"visible_region":{"x":50,"y":0,"width":60,"height":10}}}""", "rules.visible_region")]
    [InlineData("""{"rules":{"watermark":{"text":"x","position":"nowhere"}}}""", "rules.watermark.position")]
    [InlineData("""{"rules":{"watermark":{}}}""", "rules.watermark")]
    [InlineData("""{"rules":{"watermark":{"text":"  ","image":""}}}""", "rules.watermark")]
    [InlineData("""{"rules":{"watermark":{"text":"of {user} and {password}"}}}""", "rules.watermark.text")]
    [InlineData("""{"rules":{"watermark":{"text":"of {user"}}}""", "rules.watermark.text")]
    [InlineData("""{"rules":{"watermark":{"text":"of { user }"}}}""", "rules.watermark.text")]
    [InlineData("""{"rules":{"watermark":{"text":"a\nb\nc\nd\ne"}}}""", "rules.watermark.text")]
    [InlineData("""{"rules":{"watermark":{"text":"x","opacity":0}}}""", "rules.watermark.opacity")]
    [InlineData("""{"rules":{"watermark":{"text":"x","opacity":1.5}}}""", "rules.watermark.opacity")]
    [InlineData("""{"rules":{"watermark":{"text":"x","refresh_seconds":0}}}""", "rules.watermark.refresh_seconds")]
    [InlineData("""{"rules":{"watermark":{"image":"https://example.org/logo.png"}}}""", "rules.watermark.image")]
    [InlineData("""{"rules":{"watermark":{"image":"data:image/svg+xml;base64,PHN2Zy8+"}}}""", "rules.watermark.image")]
    [InlineData("""{"rules":{"watermark":{"image":"data:image/png;base64,PHN2Zz48c2NyaXB0PmFsZXJ0KDEpPC9zY3JpcHQ+PC9zdmc+PHN2Zz48L3N2Zz4="}}}""", "rules.watermark.image")]
    [InlineData("""{"rules":{"watermark":{"image":"data:image/png;base64,%%%"}}}""", "rules.watermark.image")]
    [InlineData("""{"rules":{"watermark":{"image":"data:image/jpeg;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGD4DwABBAEAX+XDSwAAAABJRU5ErkJggg=="}}}""", "rules.watermark.image")]
    [InlineData("""{"rules":{"watermark":{"image":"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAgAAAAIAACAYAAAAfFcSJAAAADUlEQVR4nGNgYGD4DwABBAEAX+XDSwAAAABJRU5ErkJggg=="}}}""", "rules.watermark.image")]
    [InlineData("""{"rules":{"upload":{"allow_types":["exe"]}}}""", "rules.upload.allow_types[0]")]
    [InlineData("""{"reason":"because"}""", "reason")]
    [InlineData("""{"expires_at":"2099-01-01T00:00:00Z"}""", "expires_at")]
    [InlineData("""{"priority":1000000}""", "priority")]
    [InlineData("""{"name":""}""", "name")]
    [InlineData("""{"name":"two\nlines"}""", "name")]
    public async Task Bad_input_is_refused_and_the_field_is_named(string patch, string field)
    {
        using var admin = await server.App.AdminAsync();
        var (_, path) = await MakeAsync(admin);
        var answer = await admin.PatchAsync(path, new StringContent(patch, Encoding.UTF8, "application/json"));
        var error = (await answer.JsonAsync()).GetProperty("error");
        Assert.Equal((HttpStatusCode.BadRequest, "VALIDATION_ERROR"), (answer.StatusCode, error.JsonString("code")));
        var details = error.GetProperty("details");
        Assert.Contains(field, details.TryGetProperty("errors", out var several) ? several.EnumerateArray().Select(e => e.JsonString("field")) : [details.JsonString("field")]);
    }

    [Theory]
    [InlineData("""{"severity":"apocalyptic"}""")]
    [InlineData("""{"rules":{"clipboard_in":{"filters":[{"detector":"dna"}]}}}""")]
    [InlineData("""{"rules":{"clipboard_in":{"filters":[null]}}}""")]
    [InlineData("""{"apply_to":{"users":["me"]}}""")]
    [InlineData("""{"rules":{"unknown":true}}""")]
    [InlineData("[]")]
    public async Task Hostile_input_is_a_clear_400(string patch)
    {
        using var admin = await server.App.AdminAsync();
        var (_, path) = await MakeAsync(admin);
        Assert.Equal(HttpStatusCode.BadRequest, (await admin.PatchAsync(path, new StringContent(patch, Encoding.UTF8, "application/json"))).StatusCode);
    }

    [Fact]
    public async Task Auditors_look_administrators_change_and_nobody_else_does_either()
    {
        using var admin = await server.App.AdminAsync();
        using var auditor = await server.App.UserAsync(Name(), "auditor");
        using var user = await server.App.UserAsync(Name(), "user");
        var (_, path) = await MakeAsync(admin);
        foreach (var address in new[] { "/api/v1/dlp/policies", path, "/api/v1/dlp/violations", "/api/v1/dlp/stats" })
        {
            Assert.Equal(HttpStatusCode.OK, (await auditor.GetAsync(address)).StatusCode);
            Assert.Equal(HttpStatusCode.Forbidden, (await user.GetAsync(address)).StatusCode);
            Assert.Equal(HttpStatusCode.Unauthorized, (await server.App.Anonymous.GetAsync(address)).StatusCode);
        }

        Assert.Equal(HttpStatusCode.Forbidden, (await auditor.PatchAsJsonAsync(path, new { enabled = false })).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await auditor.PostAsJsonAsync("/api/v1/dlp/policies", Body(Name()))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await auditor.DeleteAsync(path)).StatusCode);
    }

    [Fact]
    public async Task A_preview_tells_what_a_text_would_trigger()
    {
        using var admin = await server.App.AdminAsync();
        var rules = new
        {
            clipboard_in = new { filters = new object[] { new { detector = "payment_card" }, new { pattern = "PROJ-[0-9]+", name = "project", action = "warn" } } },
            clipboard_out = new { allowed = false },
        };
        async Task<JsonElement> TryAsync(string text) => await (await admin.PostAsJsonAsync("/api/v1/dlp/policies/preview", new { rules, text })).JsonAsync();

        var card = await TryAsync("4111 1111 1111 1111 for PROJ-7 and PROJ-8");
        Assert.Equal(("blocked", "content"), (card.GetProperty("clipboard_in").JsonString("outcome"), card.GetProperty("clipboard_in").JsonString("reason")));
        Assert.Equal([("payment_card", 1), ("project", 2)], card.GetProperty("clipboard_in").GetProperty("findings").EnumerateArray().Select(f => (f.JsonString("name"), f.GetProperty("matches").GetInt32())));
        Assert.Equal(("blocked", "not_allowed"), (card.GetProperty("clipboard_out").JsonString("outcome"), card.GetProperty("clipboard_out").JsonString("reason")));
        Assert.Equal("warned", (await TryAsync("PROJ-1")).GetProperty("clipboard_in").JsonString("outcome"));
        Assert.Equal("allowed", (await TryAsync("hello")).GetProperty("clipboard_in").JsonString("outcome"));
    }

    private static string Name() => $"policy-{Interlocked.Increment(ref _number)}-{Environment.ProcessId}";

    /// <summary>About nobody there is, so that tests do not disturb each other.</summary>
    private static object Body(string name) => new { name, apply_to = new { templates = new[] { "no-such-template" } }, rules = new { screenshot = false } };

    private static async Task<(string Name, string Path)> MakeAsync(HttpClient admin)
    {
        var name = Name();
        var answer = await admin.PostAsJsonAsync("/api/v1/dlp/policies", Body(name));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (name, answer.Headers.Location!.ToString());
    }

    private static async Task<JsonElement> ListAsync(HttpClient client, string query) =>
        (await (await client.GetAsync($"/api/v1/dlp/policies?limit=200&{query}")).JsonAsync()).GetProperty("items");
}
