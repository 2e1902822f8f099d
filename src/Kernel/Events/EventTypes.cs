using System.Reflection;
using StreamSpace.Contracts;

namespace StreamSpace.Kernel;

/// <summary>The registry of event names, read from the published language.</summary>
public static class EventTypes
{
    private static readonly Dictionary<Type, EventAttribute> Known = typeof(IEvent).Assembly.GetTypes()
        .Where(t => t.IsAssignableTo(typeof(IEvent)) && t.IsClass)
        .ToDictionary(t => t, t => t.GetCustomAttribute<EventAttribute>() ?? throw new InvalidOperationException($"{t} has no [Event] name."));

    /// <summary>All events: type, name, when.</summary>
    public static IReadOnlyDictionary<Type, EventAttribute> All => Known;

    /// <summary>The published name of a fact.</summary>
    public static string NameOf(IEvent fact) => NameOf(fact.GetType());

    /// <summary>The published name of an event type.</summary>
    public static string NameOf(Type type) => Known.TryGetValue(type, out var attribute) ? attribute.Name : throw new InvalidOperationException($"{type} is no published event.");
}
