using System.Diagnostics;
using StreamSpace.Rfb.Messages;

namespace StreamSpace.Rfb.Tests.Messages;

/// <summary>Mutated bytes against the readers: no exception, no hang, no allocation beyond the limits. Seeded, so that a failure repeats.</summary>
public sealed class FuzzTests
{
    private const int Cases = 200_000;

    [Fact]
    public void The_viewers_side_survives_200_000_mutated_streams()
    {
        var corpus = Wire.AllOfAViewer().SelectMany(m => m).ToArray();
        var random = new Random(20261121);
        var data = new byte[corpus.Length];
        int errors = 0, clean = 0;
        for (var i = 0; i < Cases; i++)
        {
            corpus.CopyTo(data, 0);
            var length = Mutate(random, data);
            var stream = new ClientStream { Rights = (ViewerRights)random.Next(16), ExtendedPointer = random.Next(2) == 0, Paused = random.Next(4) == 0 };
            var cut = random.Next(length + 1);
            var first = stream.Process(data.AsSpan(0, cut), connected: true);
            Assert.True(first.Relay + first.Keep <= cut);
            Assert.InRange(first.Keep, 0, 4 + (4 * 256)); // the longest message that is kept whole
            data.AsSpan(first.Relay, first.Keep).CopyTo(data.AsSpan(cut - first.Keep));
            var second = stream.Process(data.AsSpan(cut - first.Keep, length - cut + first.Keep), random.Next(2) == 0);
            Assert.True(second.Relay + second.Keep <= length);
            _ = stream.Error.Fault == RfbFault.None ? clean++ : errors++;
        }
        Assert.True(errors > Cases / 10 && clean > Cases / 10, $"{errors} errors, {clean} clean: the corpus exercises one side only");
    }

    [Fact]
    public void What_a_viewer_without_rights_gets_through_is_never_input()
    {
        var corpus = Wire.AllOfAViewer().SelectMany(m => m).ToArray();
        var random = new Random(7);
        var data = new byte[corpus.Length];
        for (var i = 0; i < 50_000; i++)
        {
            corpus.CopyTo(data, 0);
            var length = Mutate(random, data);
            var stream = new ClientStream { Rights = ViewerRights.View };
            var relayed = data.AsSpan(0, stream.Process(data.AsSpan(0, length), connected: true).Relay);
            var reader = new ClientMessageReader();
            while (reader.TryRead(relayed, out var message) == ReadStatus.Message)
            {
                Assert.True(message.Type is 0 or 2 or 3 or 150 or 248, $"type {message.Type} in case {i}");
                relayed = relayed[(int)message.Length..];
            }
            Assert.True(relayed.IsEmpty, $"case {i} relayed half a message");
        }
    }

    [Fact]
    public void The_servers_side_survives_200_000_mutated_streams()
    {
        var messages = ServerStreamTests.AllOfAServer();
        var random = new Random(42);
        var watch = Stopwatch.StartNew();
        var lost = 0;
        var buffer = new byte[messages.Max(m => m.Length) * 2];
        for (var i = 0; i < Cases; i++)
        {
            var message = messages[random.Next(messages.Length)];
            message.CopyTo(buffer, 0);
            var length = Math.Min(Mutate(random, buffer.AsSpan(0, Math.Min(message.Length, 200))), 200);
            length = message.Length > 200 ? message.Length : length;
            var stream = ServerStreamTests.Started();
            if (random.Next(3) == 0)
                stream.Resume(640, 480, PixelFormat.Bgrx, random.Next(2) == 0);
            stream.Echo = (ulong)random.Next(2);
            var step = stream.Process(buffer.AsSpan(0, length));
            Assert.True(step.Relay + step.Keep <= length);
            Assert.InRange(step.Keep, 0, 17);
            if (stream.Lost.Fault != RfbFault.None)
                lost++;
        }
        Assert.True(lost > 1000);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), "a mutated stream made the walker slow");
    }

    private static int Mutate(Random random, Span<byte> data)
    {
        for (var flips = random.Next(4); flips > 0; flips--)
        {
            switch (random.Next(4))
            {
                case 0:
                    data[random.Next(data.Length)] = (byte)random.Next(256);
                    break;
                case 1:
                    data[random.Next(data.Length)] ^= (byte)(1 << random.Next(8));
                    break;
                case 2: // a run of one extreme value: lengths and counts
                    data.Slice(random.Next(data.Length), 1).Fill(0xff);
                    break;
                default: // a part appears elsewhere
                    var length = random.Next(1, Math.Min(16, data.Length));
                    data.Slice(random.Next(data.Length - length + 1), length).CopyTo(data.Slice(random.Next(data.Length - length + 1), length));
                    break;
            }
        }
        return random.Next(3) == 0 ? random.Next(1, data.Length + 1) : data.Length;
    }
}
