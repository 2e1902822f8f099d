using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using StreamSpace.Testing;

namespace StreamSpace.Kernel.Tests.Data;

/// <summary>A text that PostgreSQL takes in no column, sent when the driver is about to prepare its statement (the fifth use), before and after.</summary>
public sealed class NulRefusalTests
{
    [Theory]
    [InlineData("text", "a\0b", "ab")]
    [InlineData("jsonb", """{"a": "\\\u0000"}""", """{"a": "\\u0000"}""")]
    public async Task A_refused_text_leaves_its_connection_whole(string type, string refused, string taken)
    {
        var text = new NpgsqlConnectionStringBuilder(await TestDatabase.CreateEmptyAsync()) { MaxAutoPrepare = 64, MaxPoolSize = 1 };
        var services = new ServiceCollection().AddSingleton(NpgsqlDataSource.Create(text.ConnectionString)).AddModuleDb<TextDb>();
        await using var provider = services.BuildServiceProvider();
        for (var at = 0; at < 10; at++)
        {
            var sql = string.Concat("select @value::text as \"Value\" -- ", at.ToString(CultureInfo.InvariantCulture)); // each a statement of its own
            for (var use = 0; use < 10; use++)
            {
                if (use == at)
                    Assert.Equal(PostgresErrorCodes.CharacterNotInRepertoire, (await Assert.ThrowsAsync<PostgresException>(() => AskAsync(refused))).SqlState);
                Assert.Equal(taken, await AskAsync(taken));
            }

            async Task<string> AskAsync(string value)
            {
                await using var db = await provider.GetRequiredService<IDbContextFactory<TextDb>>().CreateDbContextAsync();
                var parameter = new NpgsqlParameter("value", type == "text" ? NpgsqlTypes.NpgsqlDbType.Text : NpgsqlTypes.NpgsqlDbType.Jsonb) { Value = value };
                return (await db.Database.SqlQueryRaw<string>(sql, parameter).ToListAsync()).Single();
            }
        }
    }

    private sealed class TextDb(DbContextOptions<TextDb> options) : ModuleDb(options)
    {
        public override string Schema => "texts";

        protected override void Describe(ModelBuilder model)
        {
        }
    }
}
