using System.Text;
using StreamSpace.Runtimes.Docker.Engine;

namespace StreamSpace.Runtimes.Docker.Tests.Engine;

/// <summary>The engine's ways of writing things down, without an engine.</summary>
public sealed class EngineTextTests
{
    [Theory]
    [InlineData("unix:///var/run/docker.sock", null, true, "127.0.0.1", "unix:///var/run/docker.sock")]
    [InlineData("tcp://build.example:2375", null, false, "build.example", "tcp://build.example:2375")]
    [InlineData("tcp://build.example", "/certs", false, "build.example", "tcp://build.example:2376")]
    [InlineData("https://build.example", null, false, "build.example", "tcp://build.example:443")]
    public void An_address_is_read(string text, string? certificates, bool local, string host, string shown)
    {
        var address = EngineAddress.Parse(text, certificates);
        Assert.Equal((local, host, shown), (address.IsLocal, address.Host, address.ToString()));
    }

    [Theory]
    [InlineData("docker")]
    [InlineData("ssh://root@host")]
    [InlineData("")]
    public void An_address_that_is_none_is_told(string text) =>
        Assert.Contains(text, Assert.Throws<FormatException>(() => EngineAddress.Parse(text, null)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"message":"No such container: x"}""", "No such container: x")]
    [InlineData("2f\r\n{\"message\":\"page not found\"}\r\n0\r\n", "page not found")]
    [InlineData("<html>", null)]
    [InlineData("{broken}", null)]
    public void The_engines_reason_is_found_in_its_answer(string body, string? expected) => Assert.Equal(expected, EngineMessage.Read(body));

    [Fact]
    public async Task Lines_are_whole_however_they_were_cut()
    {
        using var stream = new Trickle(Encoding.UTF8.GetBytes("{\"stream\":\"Step 1/2\"}\r\n\n{\"error\":\"n\u00f6\"}\n{\"status\":\"last without an end\"}"));
        var lines = new List<BuildLine>();
        await foreach (var line in JsonLines.ReadAsync(stream, EngineJson.Default.BuildLine, CancellationToken.None))
            lines.Add(line);
        Assert.Equal(["Step 1/2", null, null], lines.Select(line => line.Stream));
        Assert.Equal("n\u00f6", lines[1].Error);
        Assert.Equal("last without an end", lines[2].Status);
    }

    [Fact]
    public async Task Frames_are_taken_apart_however_they_were_cut()
    {
        using var stream = new Trickle([1, 0, 0, 0, 0, 0, 0, 3, .. "abc"u8, 2, 0, 0, 0, 0, 0, 0, 2, .. "no"u8, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, .. "d"u8]);
        var frames = new Frames(stream);
        var seen = new StringBuilder();
        var buffer = new byte[2];
        while (await frames.ReadAsync(buffer, CancellationToken.None) is { Count: > 0 } piece)
            seen.Append(piece.Source).Append(Encoding.ASCII.GetString(buffer, 0, piece.Count)).Append(' ');
        Assert.Equal("1a 1b 1c 2n 2o 1d ", seen.ToString());
    }

    /// <summary>Gives one byte at a time.</summary>
    private sealed class Trickle(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => base.ReadAsync(buffer[..Math.Min(1, buffer.Length)], cancellationToken);
    }
}
