using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using StreamSpace.Audit;
using StreamSpace.Kernel;
using StreamSpace.Testing;

namespace StreamSpace.Trust.Tests.Audit;

[Trait("Category", "Slow")]
public sealed class ChainTests
{
    [Fact]
    public async Task The_chain_holds_under_writers_on_two_replicas_and_survives_odd_texts()
    {
        await using var one = await TestApp.StartAsync();
        await using var two = await TestApp.StartAsync(o => o.Database = one.Database);
        var trails = new[] { one.Services.GetRequiredService<IAuditTrail>(), two.Services.GetRequiredService<IAuditTrail>() };
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async w =>
        {
            for (var i = 0; i < 25; i++)
                await trails[w % 2].WriteAsync(new("chain.tested", null, $"writer {w}", $"x:{i}", "ok", 0, i % 2 == 0 ? null : "", "ä€🦉\0\\\"", null, [new("f", null, string.Concat(Enumerable.Repeat("🦉", 1500)))]), default);
        }));
        var report = await one.Services.GetRequiredService<ChainVerifier>().VerifyAsync(null, null, default);
        Assert.True(report.Ok, string.Join(' ', report.Days));
        Assert.InRange(report.Checked, 400, 500);
    }

    [Fact]
    public async Task The_audit_cannot_be_changed_deleted_or_emptied()
    {
        await using var app = await TestApp.StartAsync();
        using var admin = await app.LoginAsync(TestApp.AdminName); // through the door: it leaves an entry
        await using var database = NpgsqlDataSource.Create(app.Database);
        foreach (var sql in new[] { "update audit.entries set actor_name = 'somebody else'", "delete from audit.entries", "truncate audit.entries" })
        {
            await using var command = database.CreateCommand(sql);
            var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
            Assert.Contains("append-only", refused.MessageText);
        }
    }

    [Fact]
    public async Task Tampering_with_the_table_itself_is_found()
    {
        await using var app = await TestApp.StartAsync();
        using var admin = await app.LoginAsync(TestApp.AdminName); // through the door: it leaves an entry
        (await admin.PostAsJsonAsync("/api/v1/users", new { username = "audit-cid", password = TestApp.Password })).EnsureSuccessStatusCode();
        using var user = await app.LoginAsync("audit-cid");
        await user.GetAsync("/api/v1/users");
        var before = await (await admin.GetAsync("/api/v1/audit/verify")).JsonAsync();
        Assert.True(before.GetProperty("ok").GetBoolean());
        Assert.True(before.GetProperty("checked").GetInt64() >= 4);

        const string copy = "action, actor, actor_name, resource, result, status, address, agent, trace_id, changes, null, hash from audit.entries order by id limit 1";
        foreach (var (sql, expected) in new[]
        {
            ("update audit.entries set actor_name = 'somebody else' where id = (select min(id) + 2 from audit.entries)", "was changed"),
            ("update audit.entries set result = 'ok', status = 200 where result = 'denied'", "was changed"),
            ("update audit.entries set time = time + interval '1 microsecond' where id = (select max(id) from audit.entries)", "was changed"),
            ("update audit.entries set address = null where id = (select max(id) from audit.entries)", "was changed"),
            ("update audit.entries set id = id + 1000 where id = (select min(id) from audit.entries)", "was changed"),
            ("delete from audit.entries where id = (select min(id) + 1 from audit.entries)", "was changed"),
            ("delete from audit.entries where id = (select max(id) from audit.entries)", "missing at the end"),
            ("delete from audit.entries", "missing at the end"),
            ($"insert into audit.entries select id + 1000000, day, time, {copy}", "was changed"),
            ($"insert into audit.entries select id + 1000000, day - 1, time, {copy}", "outside the chain"),
        })
        {
            var report = await TamperAsync(app, sql);
            Assert.False(report.Ok, sql);
            Assert.Contains(report.Days, d => d.Problem?.Contains(expected, StringComparison.Ordinal) == true);
        }

        Assert.True((await app.Services.GetRequiredService<ChainVerifier>().VerifyAsync(null, null, default)).Ok);
    }

    [Fact]
    public async Task Days_past_retention_are_forgotten_and_the_chain_still_holds_across_them()
    {
        await using var database = NpgsqlDataSource.Create(await TestDatabase.CreateAsync());
        await using var services = new ServiceCollection().AddSingleton(database).AddModuleDb<AuditDb>().BuildServiceProvider();
        var verifier = new ChainVerifier(services.GetRequiredService<IDbContextFactory<AuditDb>>());
        var trail = new AuditTrail(database, TimeProvider.System);
        var first = DateTimeOffset.UnixEpoch.AddDays(20_000);
        for (var day = 0; day < 5; day++)
        {
            for (var i = 0; i < 3; i++)
                await trail.WriteAsync(new("old.thing", null, "x", "y", "ok", 0, null, null, null, []), first.AddDays(day * 10).AddHours(i), null, default);
        }

        // A replica whose clock is behind midnight still appends to the newest day.
        await trail.WriteAsync(new("late.thing", null, "x", "y", "ok", 0, null, null, null, []), first.AddDays(39), null, default);
        await using (var forget = database.CreateCommand("select audit.forget($1)"))
        {
            forget.Parameters.Add(new() { Value = DateOnly.FromDateTime(first.UtcDateTime).AddDays(15) });
            Assert.Equal(6L, await forget.ExecuteScalarAsync());
        }

        var report = await verifier.VerifyAsync(null, null, default);
        Assert.True(report.Ok, string.Join(' ', report.Days));
        Assert.Equal([true, true, false, false, false], report.Days.Select(d => d.Forgotten));
        Assert.Equal(10, report.Checked);
        Assert.Equal(4, report.Days[^1].Entries);
    }

    [Fact]
    public async Task An_event_that_comes_twice_is_audited_once()
    {
        await using var database = NpgsqlDataSource.Create(await TestDatabase.CreateAsync());
        var trail = new AuditTrail(database, TimeProvider.System);
        for (var i = 0; i < 3; i++)
            await trail.WriteAsync(new("session.viewed", null, "x", "y", "ok", 0, null, null, null, []), DateTimeOffset.UnixEpoch.AddDays(20_000), 42, default);
        await using var count = database.CreateCommand("select count(*) from audit.entries");
        Assert.Equal(1L, await count.ExecuteScalarAsync());
    }

    /// <summary>Does what somebody with full rights on the database could do, looks, and takes it back.</summary>
    private static async Task<ChainReport> TamperAsync(TestApp app, string sql)
    {
        await using var database = NpgsqlDataSource.Create(app.Database);
        await ExecuteAsync(database, "create table audit.kept as select * from audit.entries; alter table audit.entries disable trigger user");
        await ExecuteAsync(database, sql);
        var report = await app.Services.GetRequiredService<ChainVerifier>().VerifyAsync(null, null, default);
        await ExecuteAsync(database, "delete from audit.entries; insert into audit.entries select * from audit.kept; drop table audit.kept; alter table audit.entries enable trigger user");
        return report;
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
