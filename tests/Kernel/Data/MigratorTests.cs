using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using StreamSpace.Testing;

namespace StreamSpace.Kernel.Tests.Data;

public sealed class MigratorTests
{
    private static Migrator Make(NpgsqlDataSource source, params Migration[] migrations) => new(source, migrations, NullLogger<Migrator>.Instance);

    [Fact]
    public async Task Replicas_that_start_together_apply_each_file_once()
    {
        await using var source = NpgsqlDataSource.Create(await TestDatabase.CreateEmptyAsync());
        var slow = new Migration("demo", 1, "001_slow", "create table rows(n int); insert into rows values (1); select pg_sleep(0.2);");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Make(source, slow).UpAsync(CancellationToken.None)));
        await using var count = source.CreateCommand("select count(*) from demo.rows");
        Assert.Equal(1L, await count.ExecuteScalarAsync());
    }

    [Fact]
    public async Task A_broken_file_leaves_nothing_behind_and_the_ones_before_it_stay()
    {
        await using var source = NpgsqlDataSource.Create(await TestDatabase.CreateEmptyAsync());
        var good = new Migration("demo", 1, "001_good", "create table good(n int);");
        var broken = new Migration("demo", 2, "002_broken", "create table half(n int); select 1/0;");
        var migrator = Make(source, good, broken);
        await Assert.ThrowsAsync<PostgresException>(() => migrator.UpAsync(CancellationToken.None));
        Assert.Equal([true, false], (await migrator.StatusAsync(CancellationToken.None)).Select(s => s.Applied));
        await using var half = source.CreateCommand("select to_regclass('demo.half') is null");
        Assert.Equal(true, await half.ExecuteScalarAsync());
    }

    [Fact]
    public async Task An_edited_file_is_noticed()
    {
        await using var source = NpgsqlDataSource.Create(await TestDatabase.CreateEmptyAsync());
        await Make(source, new Migration("demo", 1, "001_a", "select 1")).UpAsync(CancellationToken.None);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Make(source, new Migration("demo", 1, "001_a", "select 2")).UpAsync(CancellationToken.None));
    }
}
