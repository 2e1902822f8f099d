using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Dlp;
using StreamSpace.Testing;

namespace StreamSpace.Server.Tests.Doors;

/// <summary>Goes to a door as somebody, with something of their own or of somebody else behind it.</summary>
internal sealed class Visit(TestApp app)
{
    /// <summary>Bodies of writes that would be refused as malformed before the question of rights comes up. Everything else gets <c>{}</c>.</summary>
    private static readonly Dictionary<string, string> Bodies = new(StringComparer.Ordinal)
    {
        ["PATCH /api/v1/sessions/{id}"] = """{"tags":["seen"]}""",
        ["PATCH /api/v1/sessions/{id}/tags"] = """{"add":["seen"]}""",
        ["POST /api/v1/sessions/{id}/activity/log"] = """{"type":"doors.seen","category":"access","message":"Seen."}""",
        ["POST /api/v1/recordings/{recording}/access-requests"] = """{"reason":"seen"}""",
        ["PATCH /api/v1/users/{id}"] = """{"display_name":"Seen"}""",
    };

    /// <summary>Whether what is behind the door belongs to somebody, so that own and foreign differ.</summary>
    public static bool Belongs(Door door) => Kind(door) is "user" or "login" or "session" or "recording";

    /// <summary>What the visitor is told: <c>in</c>, or the status that keeps them out. Something may happen between making what is behind the door and going there.</summary>
    public async Task<string> GoAsync(Door door, Person? visitor, Person owner, CancellationToken ct, Func<Task>? beforeEntering = null)
    {
        var path = door.At(await BehindAsync(door, owner, ct));
        if (beforeEntering is not null)
            await beforeEntering();
        using var request = new HttpRequestMessage(new HttpMethod(door.Method), path);
        if (visitor is not null)
            request.Headers.Authorization = new("Bearer", visitor.Token);
        if (door.Method is not ("GET" or "DELETE"))
            request.Content = new StringContent(Bodies.GetValueOrDefault($"{door.Method} {door.Route}", "{}"), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        using var answer = await app.Anonymous.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        var status = (int)answer.StatusCode;
        Assert.True(status != 500, $"{door.Method} {path} met a bug: {await answer.Content.ReadAsStringAsync(ct)}\n{string.Join('\n', TestLog.Lines.TakeLast(3))}");
        return status is 401 or 403 or 404 ? status.ToString(System.Globalization.CultureInfo.InvariantCulture) : "in";
    }

    private async Task<IReadOnlyDictionary<string, string>> BehindAsync(Door door, Person owner, CancellationToken ct)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        if (door.Parameters.Count == 0)
            return values;
        values[door.Parameters[0]] = Kind(door) switch
        {
            "user" => owner.Id.ToString(),
            "login" => owner.Login.ToString(),
            "session" => await SessionOfAsync(owner, ct),
            "recording" => await RecordingOfAsync(owner, ct),
            "recording-policy" or "access-request" => Guid.CreateVersion7().ToString(),
            "template" => "terminal",
            "document" => "openapi",
            "policy" => await PolicyAsync(ct),
            "team" => await TeamAsync(ct),
            "approval" => await ApprovalOfAsync(owner, ct),
            "violation" => await ViolationAsync(owner, ct),
            _ => throw new InvalidOperationException($"Teach Visit what '{door.Parameters[0]}' in {door.Route} names, and how to make one that belongs to somebody."),
        };
        // Things inside of things: one that is not there, so that an owner gets 404 just like a stranger.
        foreach (var inner in door.Parameters.Skip(1))
            values[inner] = inner == "number" ? "7" : Guid.CreateVersion7().ToString();
        return values;
    }

    private static string? Kind(Door door) => door.Route.Split('{')[0] switch
    {
        "/api/v1/users/" or "/api/v1/audit/users/" or "/api/v1/activity/users/" => "user",
        "/api/v1/auth/logins/" => "login",
        "/api/v1/sessions/" or "/api/v1/console/files/" => "session",
        "/api/v1/recordings/" => "recording",
        "/api/v1/recording-policies/" => "recording-policy",
        "/api/v1/recording-access-requests/" => "access-request",
        "/api/v1/templates/" => "template",
        "/api/docs/" => "document",
        "/api/v1/dlp/policies/" => "policy",
        "/api/v1/teams/" => "team",
        "/api/v1/dlp/violations/" => "violation",
        "/api/v1/launch-approvals/" => "approval",
        _ => null,
    };

    /// <summary>A policy about nobody, so that it changes nothing for the other visits.</summary>
    private async Task<string> PolicyAsync(CancellationToken ct)
    {
        using var admin = await app.AdminAsync();
        using var answer = await admin.PostAsJsonAsync("/api/v1/dlp/policies", new { name = $"doors {Guid.CreateVersion7()}", apply_to = new { users = new[] { Guid.CreateVersion7() } }, rules = new { } }, ct);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(ct)).GetProperty("id").GetString()!;
    }

    private async Task<string> TeamAsync(CancellationToken ct)
    {
        using var admin = await app.AdminAsync();
        using var answer = await admin.PostAsJsonAsync("/api/v1/teams", new { name = $"doors {Guid.CreateVersion7()}" }, ct);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(ct)).GetProperty("id").GetString()!;
    }

    /// <summary>An approval that somebody asks for, because a policy about them alone demands one.</summary>
    private async Task<string> ApprovalOfAsync(Person owner, CancellationToken ct)
    {
        using var admin = await app.AdminAsync();
        await admin.PostAsJsonAsync("/api/v1/dlp/policies", new { name = $"doors {Guid.CreateVersion7()}", apply_to = new { users = new[] { owner.Id } }, rules = new { require_approval = true } }, ct);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/launch-approvals") { Content = JsonContent.Create(new { template = "terminal", reason = "doors" }) };
        request.Headers.Authorization = new("Bearer", owner.Token);
        using var answer = await app.Anonymous.SendAsync(request, ct);
        var body = await answer.Content.ReadAsStringAsync(ct);
        Assert.True((int)answer.StatusCode == 201, $"An approval for the visit: {(int)answer.StatusCode} {body}");
        return JsonSerializer.Deserialize<JsonElement>(body).GetProperty("id").GetString()!;
    }

    private async Task<string> ViolationAsync(Person owner, CancellationToken ct)
    {
        var user = UserId.New();
        app.Services.GetRequiredService<IDataProtection>().Report(new(
            IncidentOutcome.Blocked, DlpChannel.ClipboardIn, IncidentReason.Size, new(DlpPolicyId.New(), "doors", DlpSeverity.Low), SessionId.New(), owner.Id, user, "doors", null,
            DateTimeOffset.UnixEpoch.AddYears(60), 1, "text/plain", null, 0, 1, null));
        using var admin = await app.AdminAsync();
        while (true)
        {
            var found = (await admin.GetFromJsonAsync<JsonElement>($"/api/v1/dlp/violations?user={user}", ct)).GetProperty("items");
            if (found.GetArrayLength() > 0)
                return found[0].GetProperty("id").GetString()!;
            await Task.Delay(10, ct);
        }
    }

    private async Task<string> RecordingOfAsync(Person owner, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/sessions/{await SessionOfAsync(owner, ct)}/recordings/start");
        request.Headers.Authorization = new("Bearer", owner.Token);
        using var answer = await app.Anonymous.SendAsync(request, ct);
        var body = await answer.Content.ReadAsStringAsync(ct);
        Assert.True((int)answer.StatusCode == 201, $"A recording for the visit: {(int)answer.StatusCode} {body}");
        return JsonSerializer.Deserialize<JsonElement>(body).GetProperty("id").GetString()!;
    }

    private async Task<string> SessionOfAsync(Person owner, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/sessions") { Content = JsonContent.Create(new { template = "terminal" }) };
        request.Headers.Authorization = new("Bearer", owner.Token);
        using var answer = await app.Anonymous.SendAsync(request, ct);
        var body = await answer.Content.ReadAsStringAsync(ct);
        Assert.True((int)answer.StatusCode == 201, $"A session for the visit: {(int)answer.StatusCode} {body}");
        return JsonSerializer.Deserialize<JsonElement>(body).GetProperty("id").GetString()!;
    }
}
