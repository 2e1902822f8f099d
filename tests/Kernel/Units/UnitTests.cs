namespace StreamSpace.Kernel.Tests.Units;

public sealed class UnitTests
{
    [Theory]
    [InlineData("512Mi", 512L << 20)]
    [InlineData("2Gi", 2L << 30)]
    [InlineData("1.5Gi", 3L << 29)]
    [InlineData("1000", 1000)]
    [InlineData("1k", 1000)]
    public void Sizes_are_read_as_people_write_them(string text, long bytes)
    {
        Assert.True(Quantity.TryBytes(text, out var read));
        Assert.Equal(bytes, read);
    }

    [Theory]
    [InlineData("2Gb")]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("-1Gi")]
    [InlineData("Gi")]
    [InlineData("0")]
    [InlineData("9999999Ti")]
    [InlineData("1e3")]
    [InlineData(" 1Gi")]
    public void What_is_no_size_is_refused(string? text) => Assert.False(Quantity.TryBytes(text, out _));

    [Theory]
    [InlineData("500m", 500)]
    [InlineData("2", 2000)]
    [InlineData("1.5", 1500)]
    public void Cpu_is_read_as_people_write_it(string text, int millicores)
    {
        Assert.True(Quantity.TryMillicores(text, out var read));
        Assert.Equal(millicores, read);
    }

    [Theory]
    [InlineData("30m", 1800)]
    [InlineData("8h", 28800)]
    [InlineData("30d", 2592000)]
    [InlineData("1h30m", 5400)]
    public void Durations_are_read_and_written_the_same(string text, int seconds)
    {
        Assert.True(Duration.TryParse(text, out var read));
        Assert.Equal(seconds, read.TotalSeconds);
        Assert.Equal(text, Duration.Write(read));
    }

    [Theory]
    [InlineData("")]
    [InlineData("30")]
    [InlineData("m")]
    [InlineData("-5m")]
    [InlineData("0m")]
    [InlineData("99999d")]
    [InlineData("5w")]
    public void What_is_no_duration_is_refused(string text) => Assert.False(Duration.TryParse(text, out _));

    [Theory]
    [InlineData(1500, "1500m")]
    [InlineData(2000, "2")]
    public void Cpu_is_written_short(int millicores, string text) => Assert.Equal(text, Quantity.Millicores(millicores));

    [Fact]
    public void A_cursor_survives_its_trip_and_a_foreign_one_is_refused()
    {
        var read = Cursor.Read(Cursor.Write("2026-11-21", "ü"), 2);
        Assert.Equal(["2026-11-21", "ü"], read.Value!);
        Assert.Equal("VALIDATION_ERROR", Cursor.Read("!!!", 2).Failure!.Code);
        Assert.Equal("VALIDATION_ERROR", Cursor.Read(Cursor.Write("one"), 2).Failure!.Code);
    }
}
