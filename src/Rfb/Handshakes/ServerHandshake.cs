using System.Buffers.Binary;
using System.Text;

namespace StreamSpace.Rfb.Handshakes;

/// <summary>
/// The viewer's side of the handshake towards an RFB server: 3.3, 3.7 and 3.8, security None and VncAuth, always shared.
/// Map: (1) the server's version, ours back; (2) security types (3.3: the type itself) and our choice; (3) challenge and answer; (4) result;
/// (5) ClientInit; (6) ServerInit.
/// </summary>
public static class ServerHandshake
{
    /// <summary>Runs the handshake and leaves the stream at the first message.</summary>
    /// <param name="stream">The connection; read exactly, never beyond ServerInit.</param>
    /// <param name="password">For servers that ask for one; null when we know none.</param>
    /// <param name="limits">Bounds on names and reasons.</param>
    /// <param name="ct">Ends the wait for a server that says nothing.</param>
    /// <param name="requirePassword">Takes no server that would do without the password.</param>
    /// <exception cref="RfbException">The server broke the protocol, refused, or asks for what we do not speak.</exception>
    public static async Task<ServerInit> RunAsync(Stream stream, string? password, RfbLimits limits, CancellationToken ct, bool requirePassword = false)
    {
        var reader = new ExactReader(stream);
        var minor = await AgreeOnVersionAsync(reader, ct);
        var security = minor == 3 ? await ReadSecurityAsync(reader, limits, ct) : await ChooseSecurityAsync(reader, password, requirePassword, limits, ct);
        if (security == RfbSecurity.VncAuth)
            await AuthenticateAsync(reader, password ?? throw new RfbException(new(RfbFault.NoCommonSecurity, reader.Offset, security)), ct);
        else if (security != RfbSecurity.None || requirePassword)
            throw new RfbException(new(RfbFault.NoCommonSecurity, reader.Offset, security));
        if (security == RfbSecurity.VncAuth || minor == 8)
            await ReadResultAsync(reader, minor, limits, ct); // (4) None has no result before 3.8
        await stream.WriteAsync(new byte[] { 1 }, ct); // (5) shared
        return await ReadServerInitAsync(reader, limits, ct);
    }

    private static async Task<int> AgreeOnVersionAsync(ExactReader reader, CancellationToken ct)
    {
        var version = await reader.ReadAsync(RfbVersion.Length, ct);
        if (!RfbVersion.TryRead(version, out var minor))
            throw new RfbException(new(RfbFault.NotRfb, 0, 0));
        await reader.Stream.WriteAsync(RfbVersion.ToBytes(minor), ct);
        return minor;
    }

    private static async Task<byte> ReadSecurityAsync(ExactReader reader, RfbLimits limits, CancellationToken ct)
    {
        var type = BinaryPrimitives.ReadUInt32BigEndian(await reader.ReadAsync(4, ct));
        if (type == RfbSecurity.Invalid)
            throw await RefusedAsync(reader, limits, ct);
        return type > byte.MaxValue ? throw new RfbException(new(RfbFault.NoCommonSecurity, reader.Offset, type)) : (byte)type;
    }

    private static async Task<byte> ChooseSecurityAsync(ExactReader reader, string? password, bool requirePassword, RfbLimits limits, CancellationToken ct)
    {
        var count = (await reader.ReadAsync(1, ct))[0];
        if (count == 0)
            throw await RefusedAsync(reader, limits, ct);
        var types = await reader.ReadAsync(count, ct);
        byte choice;
        if (types.Contains(RfbSecurity.None) && !requirePassword)
            choice = RfbSecurity.None;
        else if (types.Contains(RfbSecurity.VncAuth) && password is not null)
            choice = RfbSecurity.VncAuth;
        else
            throw new RfbException(new(RfbFault.NoCommonSecurity, reader.Offset, types[0]), $"It offers {string.Join(", ", types)}.");
        await reader.Stream.WriteAsync(new[] { choice }, ct);
        return choice;
    }

    private static async Task AuthenticateAsync(ExactReader reader, string password, CancellationToken ct)
    {
        var challenge = await reader.ReadAsync(VncAuthentication.Length, ct);
        var answer = new byte[VncAuthentication.Length];
        VncAuthentication.Answer(challenge, password, answer);
        await reader.Stream.WriteAsync(answer, ct);
    }

    private static async Task ReadResultAsync(ExactReader reader, int minor, RfbLimits limits, CancellationToken ct)
    {
        var result = BinaryPrimitives.ReadUInt32BigEndian(await reader.ReadAsync(4, ct));
        if (result == 0)
            return;
        throw minor == 8 ? await RefusedAsync(reader, limits, ct) : new RfbException(new(RfbFault.Refused, reader.Offset, result));
    }

    private static async Task<ServerInit> ReadServerInitAsync(ExactReader reader, RfbLimits limits, CancellationToken ct)
    {
        var head = await reader.ReadAsync(ServerInit.FixedLength, ct);
        var width = BinaryPrimitives.ReadUInt16BigEndian(head);
        var height = BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(2));
        if (width == 0 || height == 0 || width > limits.Side || height > limits.Side)
            throw new RfbException(new(RfbFault.BadValue, reader.Offset, (width << 16) | height));
        if (!PixelFormat.TryRead(head.AsSpan(4), out var format))
            throw new RfbException(new(RfbFault.BadValue, reader.Offset, format.BitsPerPixel));
        var length = BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(20));
        if (length > limits.Name)
            throw new RfbException(new(RfbFault.TooLong, reader.Offset, length));
        return new(width, height, format, Encoding.UTF8.GetString(await reader.ReadAsync((int)length, ct)));
    }

    private static async Task<RfbException> RefusedAsync(ExactReader reader, RfbLimits limits, CancellationToken ct)
    {
        var length = BinaryPrimitives.ReadUInt32BigEndian(await reader.ReadAsync(4, ct));
        if (length > limits.Reason)
            return new(new(RfbFault.TooLong, reader.Offset, length));
        var reason = Encoding.UTF8.GetString(await reader.ReadAsync((int)length, ct));
        return new(new(RfbFault.Refused, reader.Offset, 0), reason);
    }
}

/// <summary>Reads exact numbers of bytes and turns an early end into a typed error with its place.</summary>
internal sealed class ExactReader(Stream stream)
{
    public Stream Stream { get; } = stream;

    public long Offset { get; private set; }

    public async ValueTask<byte[]> ReadAsync(int length, CancellationToken ct)
    {
        var bytes = new byte[length];
        await ReadAsync(bytes, ct);
        return bytes;
    }

    public async ValueTask ReadAsync(Memory<byte> bytes, CancellationToken ct)
    {
        var got = await Stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, ct);
        Offset += got;
        if (got < bytes.Length)
            throw new RfbException(new(RfbFault.EndOfStream, Offset, 0));
    }
}
