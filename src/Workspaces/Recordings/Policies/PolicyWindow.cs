using System.ComponentModel.DataAnnotations;
using StreamSpace.Kernel;

namespace StreamSpace.Recordings.Policies;

/// <summary>A time of the week in which a policy counts.</summary>
/// <param name="Days">mon, tue, wed, thu, fri, sat, sun; of a window over midnight the days on which it begins.</param>
/// <param name="From">When it begins: 08:00.</param>
/// <param name="To">When it ends: 18:00. Not later than <paramref name="From"/>: on the next day.</param>
public sealed record PolicyWindow([MinLength(1), MaxLength(7)] IReadOnlyList<string> Days, TimeOnly From, TimeOnly To)
{
    internal static readonly string[] Week = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    /// <summary>Whether it is open at this time of its place.</summary>
    internal bool Holds(DateTime local)
    {
        var time = TimeOnly.FromDateTime(local);
        var today = Days.Contains(Week[(int)local.DayOfWeek], StringComparer.Ordinal);
        if (From < To)
            return today && time >= From && time < To;
        return (today && time >= From) || (Days.Contains(Week[(int)local.AddDays(-1).DayOfWeek], StringComparer.Ordinal) && time < To);
    }

    /// <summary>What is wrong with a policy's windows; null when nothing is.</summary>
    internal static Failure? Check(IReadOnlyList<PolicyWindow> windows, string zone)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
            return Failure.Field("time_zone", "must be the name of a time zone that this server knows, such as Europe/Berlin.");
        for (var i = 0; i < windows.Count; i++)
        {
            if (windows[i].Days.Except(Week, StringComparer.Ordinal).Any() || windows[i].Days.Distinct(StringComparer.Ordinal).Count() != windows[i].Days.Count)
                return Failure.Field($"windows[{i}].days", "must be some of mon, tue, wed, thu, fri, sat, sun, each once.");
        }
        return null;
    }
}
