namespace StreamSpace.Contracts;

/// <summary>One fact for the event log. Implementations are records of ids and plain values, marked with <see cref="EventAttribute"/>.</summary>
public interface IEvent
{
    /// <summary>What the fact is about, for example <c>session:0190…</c>.</summary>
    string Subject { get; }

    /// <summary>The person whose thing it is about (owner of the session, the user themself); null when it is the platform's.</summary>
    UserId? Concerns { get; }
}

/// <summary>Publishes a fact under its name. A name once published stays.</summary>
/// <param name="name">Dotted, past tense: <c>session.created</c>.</param>
/// <param name="when">One sentence for the generated list.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class EventAttribute(string name, string when) : Attribute
{
    /// <summary>The published name.</summary>
    public string Name { get; } = name;

    /// <summary>When it happens, in one sentence.</summary>
    public string When { get; } = when;

    /// <summary>Further names under which webhooks and workflows may subscribe, separated by spaces.</summary>
    public string Aliases { get; init; } = "";

    /// <summary>True for facts offered to sockets only, never to webhooks.</summary>
    public bool RealtimeOnly { get; init; }

    /// <summary>Name of the permission whose holders get it on their sockets, beside the person it concerns; empty where it follows the session's own rights.</summary>
    public string Audience { get; init; } = "";
}
