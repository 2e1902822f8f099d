using System.Collections.Concurrent;
using System.Globalization;
using StreamSpace.Contracts;
using StreamSpace.Runtimes.Local.Native;

namespace StreamSpace.Runtimes.Local.Launching;

/// <summary>
/// As root every person has an uid of their own, for ever: one empty-handed file per uid that holds the person's id. Creating it
/// is what claims it, so two servers never give the same uid away.
/// </summary>
internal sealed class Uids(Places places, int first)
{
    private readonly ConcurrentDictionary<UserId, int> _known = new();
    private readonly Lock _gate = new();

    public int Of(UserId user) => Environment.IsPrivilegedProcess ? _known.GetOrAdd(user, Claim) : Libc.EffectiveUser();

    private int Claim(UserId user)
    {
        lock (_gate)
        {
            var next = first;
            foreach (var file in Directory.EnumerateFiles(places.Uids))
            {
                if (!int.TryParse(Path.GetFileName(file), CultureInfo.InvariantCulture, out var uid))
                    continue;
                if (Guid.TryParse(File.ReadAllText(file), out var owner))
                    _known.TryAdd(UserId.From(owner), uid);
                next = Math.Max(next, uid + 1);
            }

            if (_known.TryGetValue(user, out var known))
                return known;
            for (; ; next++)
            {
                try
                {
                    using var file = new FileStream(Path.Combine(places.Uids, next.ToString(CultureInfo.InvariantCulture)), FileMode.CreateNew);
                    file.Write(System.Text.Encoding.ASCII.GetBytes(user.ToString()));
                    return next;
                }
                catch (IOException) when (File.Exists(Path.Combine(places.Uids, next.ToString(CultureInfo.InvariantCulture))))
                {
                    // Another server was quicker.
                }
            }
        }
    }
}
