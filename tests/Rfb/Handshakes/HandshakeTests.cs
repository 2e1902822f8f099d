using System.Buffers;
using System.Text;
using StreamSpace.Rfb.Ends;
using StreamSpace.Rfb.Handshakes;
using StreamSpace.Rfb.Tests.Ends;

namespace StreamSpace.Rfb.Tests.Handshakes;

public sealed class HandshakeTests
{
    [Theory]
    [InlineData(3, null)]
    [InlineData(7, null)]
    [InlineData(8, null)]
    [InlineData(3, "secret")]
    [InlineData(7, "secret")]
    [InlineData(8, "secret")]
    public async Task Every_version_and_security_of_a_server_is_spoken(int minor, string? password)
    {
        var server = new RfbServer(320, 200, new(minor, password, "desk"));
        await using var connection = Pair.Serve(server);
        await using var client = await RfbClient.ConnectAsync(connection.Viewer, password, Pair.Soon());
        Assert.Equal(new ServerInit(320, 200, PixelFormat.Bgrx, "desk"), client.Server);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    public async Task A_wrong_password_is_a_typed_refusal(int minor)
    {
        var server = new RfbServer(320, 200, new(minor, "secret"));
        await using var connection = Pair.Serve(server);
        var e = await Assert.ThrowsAsync<RfbException>(() => RfbClient.ConnectAsync(connection.Viewer, "wrong", Pair.Soon()));
        Assert.Equal(RfbFault.Refused, e.Error.Fault);
        Assert.Equal(minor == 8, e.Message.Contains("wrong password"));
    }

    [Theory]
    [InlineData("HTTP/1.1 400\r\n", RfbFault.NotRfb)]
    [InlineData("RFB 00", RfbFault.EndOfStream)]
    [InlineData("RFB 003.008\n\0\0\0\0\u0004nope", RfbFault.Refused)]
    [InlineData("RFB 003.008\n\0\u007f\0\0\0nope", RfbFault.TooLong)]
    [InlineData("RFB 003.008\n\u0001\u0013", RfbFault.NoCommonSecurity)]
    [InlineData("RFB 003.003\n\0\0\0\u0001\0\0\0\0", RfbFault.EndOfStream)]
    [InlineData("RFB 003.003\n\0\0\0\u0001\0\0\0\u0001\u0020\u0018\0\u0001\0\u00ff\0\u00ff\0\u00ff\0\0\0\0\0\0\0\0\0\0", RfbFault.BadValue)]
    [InlineData("RFB 003.003\n\0\0\0\u0001\0\u0001\0\u0001\u0020\u0018\0\u0001\0\u00ff\0\u00ff\0\u00ff\0\0\0\0\0\0\u007f\0\0\0", RfbFault.TooLong)]
    public async Task A_server_that_misbehaves_is_a_typed_error(string said, RfbFault fault)
    {
        await using var stream = new Pair.Recorded(Encoding.Latin1.GetBytes(said));
        var e = await Assert.ThrowsAsync<RfbException>(() => ServerHandshake.RunAsync(stream, null, RfbLimits.Default, Pair.Soon()));
        Assert.Equal(fault, e.Error.Fault);
    }

    [Theory]
    [InlineData("RFB 003.008\n\u0001\u0001", "\u0001\u0001\0\0\0\0")]
    [InlineData("RFB 003.007\n\u0001\u0000", "\u0001\u0001")]
    [InlineData("RFB 003.003\n\u0001", "\0\0\0\u0001")]
    [InlineData("RFB 003.889\n\u0001\u0001", "\u0001\u0001\0\0\0\0")]
    public void A_viewer_of_any_version_gets_in_and_what_follows_is_left_alone(string said, string answered)
    {
        var input = Encoding.Latin1.GetBytes(said + "more");
        for (var piece = 1; piece <= input.Length; piece++)
        {
            var handshake = new ViewerHandshake();
            var output = new ArrayBufferWriter<byte>();
            var taken = 0;
            for (var end = piece; taken < input.Length && !handshake.Done; end = Math.Min(input.Length, end + piece))
                taken += handshake.Feed(input.AsSpan(taken, end - taken), output);
            Assert.Equal(said.Length, taken);
            Assert.Equal(answered, Encoding.Latin1.GetString(output.WrittenSpan));
        }
    }

    [Theory]
    [InlineData("GET / HTTP/1", RfbFault.NotRfb)]
    [InlineData("RFB 003.008\n\u0002", RfbFault.BadValue)]
    public void A_viewer_that_misbehaves_is_a_typed_error(string said, RfbFault fault)
    {
        var handshake = new ViewerHandshake();
        handshake.Feed(Encoding.Latin1.GetBytes(said), new ArrayBufferWriter<byte>());
        Assert.Equal(fault, handshake.Error.Fault);
        Assert.False(handshake.Done);
    }
}
