using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using StreamSpace.Contracts.Dlp;
using StreamSpace.Streaming.Relay;

namespace StreamSpace.Streaming.Protection;

/// <summary>
/// Brings the watermark to one viewer and has it confirmed (docs/viewer-protocol.md, section 2b). Map: (1) what policies say is followed; (2) what changed
/// is told in a note, filled in here, so that a viewer cannot choose what it says about itself; (3) every few seconds the viewer is asked whether it
/// stands, with a ping behind the question; (4) a viewer that says no, or answers the ping and owes the answer, is stopped and reported. A viewer
/// that answers neither is only slow or gone, and that is somebody else's question.
/// </summary>
internal sealed class WatermarkKeeper(Viewer viewer, ViewerSocket socket, StreamGuard guard, TimeProvider clock, RelayTimes times)
{
    private const int TextFrame = 1;
    private const int PingFrame = 9;
    private static readonly HashSet<string> Ways = new(StringComparer.Ordinal) { "removed", "hidden", "changed", "moved", "covered", "erased" };
    private readonly SemaphoreSlim _telling = new(1, 1);
    private readonly Lock _lock = new();
    private volatile Ruled<Watermark?>? _wanted;
    private Watermark? _told;
    private long _filledAt;
    private string? _question;
    private long _askedAt;
    private long _deliveredAt;

    /// <summary>(1) From now on this counts.</summary>
    public void Follow(Ruled<Watermark?>? watermark) => _wanted = watermark;

    /// <summary>(2), (3), (4) Does what is due. Called when something changed, and every second; whoever comes while another is at it leaves it to them.</summary>
    public async Task KeepAsync(CancellationToken ct)
    {
        if ((_wanted?.Value ?? _told) is null || !await _telling.WaitAsync(0, ct))
            return;
        try
        {
            Ruled<Watermark?>? wanted;
            do
            {
                wanted = _wanted;
                await KeepAsync(wanted, ct);
            }
            while (wanted != _wanted);
        }
        finally
        {
            _telling.Release();
        }
    }

    /// <summary>The viewer answered a ping; what was sent before it has arrived.</summary>
    public void Ponged(long stamp)
    {
        lock (_lock)
        {
            if (_question is not null && _deliveredAt == 0 && stamp >= _askedAt)
                _deliveredAt = clock.GetTimestamp();
        }
    }

    /// <summary>A note of the viewer: the watermark stands, or what happened to it.</summary>
    /// <returns>False when it is no such note.</returns>
    public bool Heard(ReadOnlySpan<byte> note)
    {
        try
        {
            var reader = new Utf8JsonReader(note);
            using var json = JsonDocument.ParseValue(ref reader);
            switch (Word(json.RootElement, "type"))
            {
                case "watermark.stands" when Word(json.RootElement, "nonce") is { } nonce:
                    lock (_lock)
                        _question = _question == nonce ? null : _question; // an older question's answer answers nothing
                    return true;
                case "watermark.tampered" when Word(json.RootElement, "how") is { } how:
                    Stop(IncidentReason.Tampered, Ways.Contains(how) ? how : "changed", "The watermark over this picture was removed or hidden.");
                    return true;
                default:
                    return false;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static string? Word(JsonElement note, string name) => note.TryGetProperty(name, out var word) && word.ValueKind == JsonValueKind.String ? word.GetString() : null;

    private async Task KeepAsync(Ruled<Watermark?>? wanted, CancellationToken ct)
    {
        var watermark = wanted?.Value;
        if (watermark is not null && !socket.Notes)
        {
            Stop(IncidentReason.Unconfirmed, null, "The picture is shown under a watermark only, and this viewer draws none.");
            return;
        }

        var now = clock.GetTimestamp();
        if (watermark != _told)
            await TellAsync(watermark, ct);
        else if (WatermarkText.Ages(watermark?.Text) && clock.GetElapsedTime(_filledAt, now) >= TimeSpan.FromSeconds(watermark!.RefreshSeconds))
            await RefreshAsync(watermark, ct);
        if (watermark is not null)
            await AskAsync(now, ct);
    }

    private async Task TellAsync(Watermark? watermark, CancellationToken ct)
    {
        lock (_lock)
            (_question, _askedAt) = (null, 0); // what was asked was about another one
        await SendAsync(json =>
        {
            json.WriteString("type", "watermark");
            if (watermark is null)
            {
                json.WriteNull("watermark");
                return;
            }

            json.WriteStartObject("watermark");
            json.WriteString("text", Fill(watermark));
            json.WriteString("image", watermark.Image);
            json.WriteNumber("opacity", watermark.Opacity);
            json.WriteString("position", watermark.Position);
            json.WriteBoolean("tile", watermark.Tile);
            json.WriteEndObject();
        }, ct);
        _told = watermark;
    }

    private Task RefreshAsync(Watermark watermark, CancellationToken ct) => SendAsync(json =>
    {
        json.WriteString("type", "watermark.text");
        json.WriteString("text", Fill(watermark));
    }, ct);

    private string? Fill(Watermark watermark)
    {
        _filledAt = clock.GetTimestamp();
        return watermark.Text is { } text ? WatermarkText.Of(text, viewer, clock.GetUtcNow()) : null;
    }

    private async Task AskAsync(long now, CancellationToken ct)
    {
        string question;
        lock (_lock)
        {
            if (_question is not null)
            {
                if (_deliveredAt != 0 && clock.GetElapsedTime(_deliveredAt, now) > times.WatermarkPatience)
                    Stop(IncidentReason.Unconfirmed, null, "The viewer did not confirm that the watermark stands.");
                return;
            }

            if (_askedAt != 0 && clock.GetElapsedTime(_askedAt, now) < times.WatermarkAskEvery)
                return;
            question = _question = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));
            (_askedAt, _deliveredAt) = (now, 0);
        }

        await SendAsync(json =>
        {
            json.WriteString("type", "watermark.check");
            json.WriteString("nonce", question);
        }, ct);
        var stamp = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(stamp, clock.GetTimestamp());
        await socket.SendSmallAsync(stamp, PingFrame, ct);
    }

    private async Task SendAsync(Action<Utf8JsonWriter> write, CancellationToken ct)
    {
        var note = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(note))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        await socket.SendSmallAsync(note.WrittenMemory, TextFrame, ct);
        viewer.Sent(note.WrittenCount);
    }

    private void Stop(IncidentReason reason, string? how, string sentence)
    {
        if (_wanted is not { Value: not null, By: { } by })
            return; // a policy that was taken back meanwhile asks for nothing any more
        // Once: the first reason ends the viewer, whatever follows.
        if (viewer.Ended.IsCompleted)
            return;
        guard.Unmarked(reason, how, by);
        viewer.End(ViewerEnd.PolicyStopped, sentence);
    }
}
