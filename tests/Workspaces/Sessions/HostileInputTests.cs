using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using static StreamSpace.Sessions.Tests.SessionsBed;

namespace StreamSpace.Sessions.Tests;

public sealed class HostileInputTests(HostileInputTests.Bed shared) : IClassFixture<HostileInputTests.Bed>
{
    [Theory]
    [InlineData("""{"template":"no-such-thing"}""", "template")]
    [InlineData("""{"template":"terminal","runtime":"no-such-runtime"}""", "runtime")]
    [InlineData("""{"template":"terminal","resources":{"memory":"2Gb"}}""", "resources.memory")]
    [InlineData("""{"template":"terminal","resources":{"memory":"-1Gi"}}""", "resources.memory")]
    [InlineData("""{"template":"terminal","resources":{"memory":"1e9"}}""", "resources.memory")]
    [InlineData("""{"template":"terminal","resources":{"memory":"99999999999999999999Gi"}}""", "resources.memory")]
    [InlineData("""{"template":"terminal","resources":{"cpu":"many"}}""", "resources.cpu")]
    [InlineData("""{"template":"terminal","resources":{"cpu":"0"}}""", "resources.cpu")]
    [InlineData("""{"template":"terminal","resources":{"storage":"10 Gi"}}""", "resources.storage")]
    [InlineData("""{"template":"terminal","name":"Not_A_Label"}""", "name")]
    [InlineData("""{"template":"terminal","name":"-edge"}""", "name")]
    [InlineData("""{"template":"terminal","name":""}""", "name")]
    [InlineData("""{"template":"terminal","name":"by-tags"}""", "name")]
    [InlineData("""{"template":"terminal","name":"line\nbreak"}""", "name")]
    [InlineData("""{"template":"terminal","name":"0190a8f4-0000-7000-8000-000000000000"}""", "name")]
    [InlineData("""{"template":"terminal","env":{"A":"x\u0000y"}}""", "env.A")]
    [InlineData("""{"template":"terminal","env":{"A=B":"x"}}""", "env.A=B")]
    [InlineData("""{"template":"terminal","env":{"LD_PRELOAD":"/tmp/x.so"}}""", "env.LD_PRELOAD")]
    [InlineData("""{"template":"terminal","env":{"STREAMSPACE_VNC_PASSWORD_FILE":"x"}}""", "env.STREAMSPACE_VNC_PASSWORD_FILE")]
    [InlineData("""{"template":"terminal","idle_timeout":"soon"}""", "idle_timeout")]
    [InlineData("""{"template":"terminal","idle_timeout":"1s"}""", "idle_timeout")]
    [InlineData("""{"template":"terminal","geometry":"1x1"}""", "geometry")]
    [InlineData("""{"template":"terminal","geometry":"99999x99999"}""", "geometry")]
    [InlineData("""{"template":"terminal","tags":["ok","not ok"]}""", "tags[1]")]
    [InlineData("""{"template":"terminal","network":"host"}""", "network")]
    [InlineData("""{"template":"terminal","privileged":true}""", "privileged")]
    [InlineData("""{"name":"x"}""", "template")]
    public async Task Bad_launches_name_the_field_and_create_nothing(string body, string field)
    {
        using var answer = await shared.Ada.PostAsync("/api/v1/sessions", new StringContent(body, Encoding.UTF8, "application/json"));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{(int)answer.StatusCode} {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        var error = JsonSerializer.Deserialize<JsonElement>(text).GetProperty("error");
        Assert.Equal("VALIDATION_ERROR", error.GetProperty("code").GetString());
        Assert.Equal(field, error.GetProperty("details").GetProperty("field").GetString());
        Assert.Empty((await GetAsync(shared.Ada, "/sessions")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Several_bad_fields_are_told_at_once()
    {
        var (status, body) = await SendAsync(shared.Ada, HttpMethod.Post, "/sessions", new { template = "nope", name = "No!", geometry = "big" });
        Assert.Equal(400, status);
        Assert.Equal(["name", "geometry", "template"], body.GetProperty("error").GetProperty("details").GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("field").GetString()));
    }

    [Theory]
    [InlineData("text/plain", "{\"template\":\"terminal\"}", 415)]
    [InlineData("application/json", "{\"template\":", 400)]
    [InlineData("application/json", "[]", 400)]
    [InlineData("application/json", "", 400)]
    public async Task Bodies_that_are_no_json_are_refused(string type, string body, int status)
    {
        using var content = new StringContent(body, Encoding.UTF8);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        using var answer = await shared.Ada.PostAsync("/api/v1/sessions", content);
        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("/sessions?sort=owner", "sort")]
    [InlineData("/sessions?limit=0", "limit")]
    [InlineData("/sessions?limit=100000", "limit")]
    [InlineData("/sessions?cursor=%00garbage", "cursor")]
    [InlineData("/sessions?cursor=bm9wZQ", "cursor")]
    [InlineData("/sessions?state=sleeping", "state")]
    [InlineData("/sessions?phase=7", "phase")]
    [InlineData("/activity/stats?since=1970-01-01T00:00:00Z", "since")]
    [InlineData("/sessions/by-tags?tags=,", "tags")]
    [InlineData("/templates?sort=size", "sort")]
    public async Task Bad_queries_name_the_parameter(string path, string field)
    {
        var (status, body) = await SendAsync(shared.Ada, HttpMethod.Get, path);
        Assert.Equal(400, status);
        Assert.Equal(field, body.GetProperty("error").GetProperty("details").GetProperty("field").GetString());
    }

    [Theory]
    [InlineData("/sessions/..%2f..%2fetc%2fpasswd")]
    [InlineData("/sessions/'%20or%201=1--")]
    [InlineData("/sessions/0190a8f4-0000-7000-8000-000000000000")]
    [InlineData("/sessions/%F0%9F%92%A9")]
    [InlineData("/templates/..%2f..%2fetc%2fpasswd")]
    [InlineData("/templates/nope/icon")]
    public async Task Names_of_nothing_are_not_found(string path) => Assert.Equal(404, (await SendAsync(shared.Ada, HttpMethod.Get, path)).Status);

    public sealed class Bed : IAsyncLifetime
    {
        private SessionsBed bed = null!;

        internal HttpClient Ada { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            bed = await StartAsync();
            Ada = await bed.App.UserAsync("ada");
        }

        public async Task DisposeAsync()
        {
            Ada.Dispose();
            await bed.DisposeAsync();
        }
    }
}
