using StreamSpace.Contracts;

namespace StreamSpace.Sessions;

/// <summary>A session that waits for capacity.</summary>
internal sealed record Waiting(SessionId Id, Guid? Team, UserId Owner, DateTimeOffset Since, int CpuMillicores, long MemoryBytes);

/// <summary>
/// Whose turn it is: round by team, then by person, then first come first served. Whoever was served longest ago comes first;
/// people without a team count as a team of their own.
/// </summary>
internal static class FairQueue
{
    /// <param name="waiting">All that wait for one runtime.</param>
    /// <param name="served">When teams (<c>team</c>) and people (<c>user</c>) got a place last.</param>
    public static IReadOnlyList<Waiting> Order(IEnumerable<Waiting> waiting, IReadOnlyDictionary<(string Kind, string Key), DateTimeOffset> served)
    {
        var teams = waiting.GroupBy(TeamOf).Select(team => new Team(
            served.GetValueOrDefault(("team", team.Key)), team.Min(w => w.Since),
            [.. team.GroupBy(w => w.Owner).Select(person => new Person(
                served.GetValueOrDefault(("user", person.Key.ToString())), [.. person.OrderBy(w => w.Since).ThenBy(w => w.Id.Value)]))])).ToList();
        var order = new List<Waiting>();
        // Times of turns that are played through here lie behind every real one.
        var tick = DateTimeOffset.MaxValue.AddYears(-1);
        while (teams.Count > 0)
        {
            var team = teams.OrderBy(t => t.Served).ThenBy(t => t.Since).First();
            var person = team.People.OrderBy(p => p.Served).ThenBy(p => p.Entries[0].Since).First();
            order.Add(person.Entries[0]);
            person.Entries.RemoveAt(0);
            tick = tick.AddTicks(1);
            (team.Served, person.Served) = (tick, tick);
            if (person.Entries.Count == 0)
                team.People.Remove(person);
            if (team.People.Count == 0)
                teams.Remove(team);
        }

        return order;
    }

    /// <summary>The team's key, or the person's own.</summary>
    public static string TeamOf(Waiting waiting) => waiting.Team?.ToString() ?? "alone:" + waiting.Owner;

    private sealed class Team(DateTimeOffset served, DateTimeOffset since, List<Person> people)
    {
        public DateTimeOffset Served { get; set; } = served;

        public DateTimeOffset Since { get; } = since;

        public List<Person> People { get; } = people;
    }

    private sealed class Person(DateTimeOffset served, List<Waiting> entries)
    {
        public DateTimeOffset Served { get; set; } = served;

        public List<Waiting> Entries { get; } = entries;
    }
}
