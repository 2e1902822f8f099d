using System.Text.RegularExpressions;
using Microsoft.Extensions.Hosting;
using StreamSpace.Contracts;
using StreamSpace.Kernel;

namespace StreamSpace.Server.Tests.Walls;

/// <summary>Names say what a thing is; words that say nothing are banned.</summary>
public sealed partial class NamesTests
{
    private static readonly HashSet<string> Banned = ["Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Common", "Impl", "Dto", "Base"];

    [Fact]
    public void No_type_has_a_word_that_says_nothing() => House.Holds(House.Assemblies.SelectMany(a => a.GetTypes()).Where(House.IsWritten).SelectMany(Violations));

    [Fact]
    public void Planted_names_are_found_and_innocent_ones_are_not()
    {
        var found = new[] { typeof(PlantedShop.OrderManager), typeof(PlantedShop.PriceUtils), typeof(PlantedShop.Basement) }.SelectMany(Violations).ToList();

        Assert.Equal(2, found.Count);
    }

    [Fact]
    public void Every_event_is_named_in_the_form_that_was_published()
    {
        House.Holds(
            from entry in EventTypes.All
            where !EventName().IsMatch(entry.Value.Name) || string.IsNullOrWhiteSpace(entry.Value.When) || !entry.Key.IsSealed
            select $"{entry.Key.FullName}: \"{entry.Value.Name}\"");
        House.Holds(
            from entry in EventTypes.All
            from name in entry.Value.Aliases.Split(' ', StringSplitOptions.RemoveEmptyEntries).Append(entry.Value.Name)
            group entry.Key by name into same
            where same.Count() > 1
            select $"\"{same.Key}\" is published twice: {string.Join(", ", same.Select(t => t.Name))}");
    }

    [Fact]
    public void Every_event_lives_with_its_module_in_the_published_language()
    {
        House.Holds(
            from type in House.Assemblies.SelectMany(a => a.GetTypes())
            where type.IsClass && typeof(IEvent).IsAssignableFrom(type) && type.Assembly != typeof(IEvent).Assembly
            select $"{type.FullName} is an event outside of Contracts");
    }

    [Fact]
    public void Every_permission_is_named_resource_dot_action_and_explained()
    {
        House.Holds(
            from permission in PermissionRegistry.From(StreamSpace.Server.Modules.All()).All
            where !PermissionName().IsMatch(permission.Name) || permission.Sentence.Length < 10
            select $"{permission.Name}: \"{permission.Sentence}\"");
    }

    private static IEnumerable<string> Violations(Type type)
    {
        var words = Word().Matches(type.Name.Split('`')[0]).Select(m => m.Value).ToList();
        foreach (var word in words.Where(Banned.Contains))
            yield return $"{type.FullName}: \"{word}\" says nothing";
        if (words.Contains("Service") && !typeof(IHostedService).IsAssignableFrom(type))
            yield return $"{type.FullName}: \"Service\" is for hosted services";
    }

    [GeneratedRegex("[A-Z][a-z0-9]*")]
    private static partial Regex Word();

    [GeneratedRegex(@"^[a-z]+(\.[a-z]+){1,3}$")]
    private static partial Regex EventName();

    [GeneratedRegex(@"^[a-z_]+(\.[a-z_]+){1,2}$")]
    private static partial Regex PermissionName();
}
