using StreamSpace.Contracts;
using StreamSpace.Contracts.Dlp;
using StreamSpace.Contracts.Sessions;

namespace StreamSpace.Streaming.Protection;

internal static class Subjects
{
    /// <summary>What policies ask about when somebody looks at a session.</summary>
    public static PolicySubject SubjectFor(this SessionFacts session, UserId user) => new(user, session.Team is { } team ? [team] : [], session.Template, session.Id);
}
