using System.Buffers.Text;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using StreamSpace.Identity;
using StreamSpace.Testing;

namespace StreamSpace.Trust.Tests.Identity;

/// <summary>Tokens with a right signature and wrong claims: what somebody could do who gets us to sign for another purpose, or keeps an old token.</summary>
[Collection(SharedServer.Name)]
public sealed class ClaimsTests(OneServer server)
{
    private readonly TestApp app = server.App;

    [Fact]
    public async Task A_token_made_like_ours_is_taken_so_the_refusals_below_mean_something() =>
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(await SignAsync(_ => { }))).StatusCode);

    [Theory]
    [InlineData("another audience")]
    [InlineData("several audiences")]
    [InlineData("no audience")]
    [InlineData("another issuer")]
    [InlineData("no issuer")]
    [InlineData("expired")]
    [InlineData("expired this second")]
    [InlineData("never expires")]
    [InlineData("expires as text")]
    [InlineData("expires in ten years")]
    [InlineData("from the future")]
    [InlineData("no time of issue")]
    [InlineData("no subject")]
    [InlineData("subject no id")]
    [InlineData("no login")]
    [InlineData("claim twice")]
    [InlineData("payload array")]
    public async Task A_token_with_wrong_claims_is_refused(string wrong)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var token = await SignAsync(c =>
        {
            switch (wrong)
            {
                case "another audience": c["aud"] = "somebody-else"; break;
                case "several audiences": c["aud"] = new JsonArray("streamspace-api", "somebody-else"); break;
                case "no audience": c.Remove("aud"); break;
                case "another issuer": c["iss"] = "https://evil.example"; break;
                case "no issuer": c.Remove("iss"); break;
                case "expired": c["iat"] = now - 2000; c["exp"] = now - 1100; break;
                case "expired this second": c["exp"] = now; break;
                case "never expires": c.Remove("exp"); break;
                case "expires as text": c["exp"] = "9999999999"; break;
                case "expires in ten years": c["exp"] = now + 315_360_000; break;
                case "from the future": c["iat"] = now + 600; c["exp"] = now + 1200; break;
                case "no time of issue": c.Remove("iat"); break;
                case "no subject": c.Remove("sub"); break;
                case "subject no id": c["sub"] = "admin"; break;
                case "no login": c.Remove("sid"); break;
            }
        }, wrong switch { "claim twice" => json => json[..^1] + ",\"aud\":\"streamspace-api\"}", "payload array" => json => $"[{json}]", _ => null });
        Assert.Equal("TOKEN_INVALID", await (await GetAsync(token)).CodeAsync());
    }

    [Fact]
    public async Task A_token_that_names_another_person_than_its_login_is_refused()
    {
        var other = await Person.MakeAsync(app, "admin");
        Assert.Equal("LOGIN_ENDED", await (await GetAsync(await SignAsync(c => c["sub"] = other.Id.ToString()))).CodeAsync());
    }

    [Fact]
    public async Task A_token_whose_login_never_was_is_refused() =>
        Assert.Equal("LOGIN_ENDED", await (await GetAsync(await SignAsync(c => c["sid"] = Guid.CreateVersion7().ToString()))).CodeAsync());

    private async Task<string> SignAsync(Action<JsonObject> change, Func<string, string>? bend = null)
    {
        var person = await Person.MakeAsync(app);
        var key = await app.Services.GetRequiredService<KeyRing>().SignerAsync(default);
        var payload = JsonNode.Parse(Base64Url.DecodeFromChars(person.Token.Split('.')[1]))!.AsObject();
        change(payload);
        var json = payload.ToJsonString();
        var signed = person.Token.Split('.')[0] + "." + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(bend?.Invoke(json) ?? json));
        return signed + "." + Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(signed)));
    }

    private async Task<HttpResponseMessage> GetAsync(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/auth/me") { Headers = { Authorization = new("Bearer", token) } };
        return await app.Anonymous.SendAsync(request);
    }
}
