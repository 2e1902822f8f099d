using System.Diagnostics;
using System.Globalization;

namespace StreamSpace.Rfb.Tests.Fuzzing;

/// <summary>
/// Runs cases of hostile bytes. Each case has its own seed, told when it fails; STREAMSPACE_FUZZ_CASES (200,000 in all when not set) says how many there are,
/// STREAMSPACE_FUZZ_SEED where to begin: that number and one case repeat a failure.
/// </summary>
internal static class Fuzz
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);
    private static readonly int All = Number("STREAMSPACE_FUZZ_CASES", 200_000);

    private static int Number(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;

    /// <summary>Runs a share of all cases. One that throws, takes longer than two seconds or allocates more than it may fails the run.</summary>
    public static void Run(double share, long mostBytes, Action<Random> one)
    {
        var first = Number("STREAMSPACE_FUZZ_SEED", 20261125);
        var count = Math.Max(1, (int)(All * share));
        for (var seed = first; seed < first + count; seed++)
        {
            var random = new Random(seed);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var started = Stopwatch.GetTimestamp();
            try
            {
                one(random);
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}: {e}");
            }
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated <= mostBytes, $"seed {seed} allocated {allocated} bytes");
            if (Stopwatch.GetElapsedTime(started) >= Longest)
            {
                // Once in millions of cases another program had the processor meanwhile; bytes that hang do so again.
                started = Stopwatch.GetTimestamp();
                one(new Random(seed));
            }

            Assert.True(Stopwatch.GetElapsedTime(started) < Longest, $"seed {seed} took {Stopwatch.GetElapsedTime(started)}");
        }
    }

    /// <summary>Changes a few bytes: another value, a bit, an extreme, a part from elsewhere, a part gone, the end gone.</summary>
    public static byte[] Mutate(Random random, byte[] bytes)
    {
        var data = bytes.ToArray();
        for (var changes = random.Next(5); changes > 0 && data.Length > 1; changes--)
        {
            var at = random.Next(data.Length);
            switch (random.Next(6))
            {
                case 0:
                    data[at] = (byte)random.Next(256);
                    break;
                case 1:
                    data[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    data.AsSpan(at, Math.Min(random.Next(1, 5), data.Length - at)).Fill(random.Next(2) == 0 ? (byte)0xff : (byte)0);
                    break;
                case 3:
                    var length = random.Next(1, Math.Min(64, data.Length));
                    data.AsSpan(random.Next(data.Length - length + 1), length).CopyTo(data.AsSpan(random.Next(data.Length - length + 1), length));
                    break;
                case 4:
                    data = [.. data.AsSpan(0, at), .. data.AsSpan(Math.Min(data.Length, at + random.Next(1, 20)))];
                    break;
                default:
                    data = data[..Math.Max(1, at)];
                    break;
            }
        }
        return data;
    }

    /// <summary>Hands out the bytes in pieces: mostly one, sometimes of a random size, sometimes single bytes.</summary>
    public static void InPieces(Random random, byte[] data, Action<byte[]> take)
    {
        var most = random.Next(8) switch { 0 => 1, 1 => 7, 2 or 3 => 300, _ => data.Length };
        for (var at = 0; at < data.Length;)
        {
            var part = Math.Min(data.Length - at, random.Next(1, Math.Max(2, most + 1)));
            take(data.AsSpan(at, part).ToArray());
            at += part;
        }
    }
}
