using System.Globalization;
using System.Text.RegularExpressions;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Contracts.Templates;
using StreamSpace.Kernel;

namespace StreamSpace.Templates;

/// <summary>Turns a catalogue file into a template, or says everything that is wrong with it. The JSON schema says the same to editors.</summary>
internal static partial class TemplateFileRules
{
    public static (Template? Template, IReadOnlyList<string> Problems) Read(TemplateFile file, string fileName, string folder)
    {
        var problems = new List<string>();
        Need(Label().IsMatch(file.Name), "name", "must be a DNS label: lower-case letters, digits and hyphens, at most 50.");
        Need(file.Name == Path.GetFileNameWithoutExtension(fileName), "name", $"must be the file's name, {Path.GetFileNameWithoutExtension(fileName)}.");
        Need(file.Version.Length is > 0 and <= 30, "version", "is required, at most 30 characters.");
        Need(file.DisplayName.Length is > 0 and <= 60, "display_name", "is required, at most 60 characters.");
        Need(file.Description.Length is > 0 and <= 400, "description", "is required, at most 400 characters.");
        Need(file.Category.Length is > 0 and <= 40, "category", "is required, at most 40 characters.");
        Need(file.Tags.Count <= 20 && file.Tags.All(t => t is { Length: > 0 and <= 40 }), "tags", "must be at most 20 texts of 1 to 40 characters.");
        Need(file.Protocol == "rfb", "protocol", "must be rfb.");
        var icon = Path.GetFullPath(Path.Combine(folder, file.Icon));
        Need(file.Icon.EndsWith(".svg", StringComparison.Ordinal) && icon.StartsWith(Path.GetFullPath(folder) + "/", StringComparison.Ordinal) && File.Exists(icon), "icon", "must name an SVG file in the catalogue.");
        var cpu = 0;
        long memory = 0, storage = 0;
        Need(Quantity.TryMillicores(file.Resources?.Cpu, out cpu), "resources.cpu", "must be CPU like 500m or 2.");
        Need(Quantity.TryBytes(file.Resources?.Memory, out memory), "resources.memory", "must be a size like 2Gi.");
        Need(Quantity.TryBytes(file.Resources?.Storage, out storage), "resources.storage", "must be a size like 10Gi.");
        Need(file.Resources is null or { Processes: >= 16 and <= 100_000 }, "resources.processes", "must be from 16 to 100000.");
        var mostCpu = Optional<int>(file.Most?.Cpu, Quantity.TryMillicores, "most.cpu", "must be CPU like 500m or 2.");
        var mostMemory = Optional<long>(file.Most?.Memory, Quantity.TryBytes, "most.memory", "must be a size like 2Gi.");
        var mostStorage = Optional<long>(file.Most?.Storage, Quantity.TryBytes, "most.storage", "must be a size like 10Gi.");
        var idle = Optional<TimeSpan>(file.IdleTimeout, Duration.TryParse, "idle_timeout", "must be a duration like 30m.");
        var freeze = Optional<TimeSpan>(file.FreezeAfter, Duration.TryParse, "freeze_after", "must be a duration like 10m.");
        var duration = Optional<TimeSpan>(file.MaxDuration, Duration.TryParse, "max_duration", "must be a duration like 8h.");
        Need(file.CpuThreshold is >= 0 and <= 10_000, "cpu_threshold", "must be from 0 (never) to 10000 percent of one core.");
        Need(file.Env.Keys.All(k => Variable().IsMatch(k)), "env", "must be variables of letters, digits and _.");
        var picture = Picture().Match(file.Geometry);
        Need(picture.Success, "geometry", "must be WIDTHxHEIGHT, like 1280x800.");
        Need(file.Local is not null || file.Container is not null, "local, container", "at least one of them is required: without, the template runs nowhere.");
        Need(file.Container is null or { Image.Length: > 0 }, "container.image", "is required.");
        Need(file.Container is null or { DisplayPort: > 0 and < 65536 }, "container.display_port", "must be a TCP port.");
        Need(file.Container?.Recipe is null || Label().IsMatch(file.Container.Recipe), "container.recipe", "must be the name of a folder below images/.");
        if (problems.Count > 0)
            return (null, problems);

        IReadOnlyList<string> runtimes = file.Runtimes.Count > 0 ? file.Runtimes
            : file.Local is null ? ["docker", "kubernetes"]
            : file.Container is null ? ["local"]
            : [];
        var application = new Application(
            file.Name, file.Container?.Image, file.Container?.Recipe, file.Local?.Packages ?? [], file.Local?.Programs ?? [], file.Run.Command, file.Run.Panel, file.Container?.DisplayPort ?? 5900, file.Run.Opengl);
        var facts = new TemplateFacts(
            file.Name, file.Version, file.DisplayName, file.Category, file.Protocol, application, runtimes, new(cpu, memory, storage, file.Resources!.Processes),
            new(mostCpu, mostMemory, mostStorage), file.Env, Number("w"), Number("h"), idle, freeze, duration, file.CpuThreshold);
        return (new(facts, file.Description, file.Tags, File.ReadAllBytes(icon)), []);

        int Number(string group) => int.Parse(picture.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

        void Need(bool holds, string field, string issue)
        {
            if (!holds)
                problems.Add($"{fileName}: {field} {issue}");
        }

        T? Optional<T>(string? text, Parser<T> parse, string field, string issue) where T : struct
        {
            if (text is null)
                return null;
            if (parse(text, out var value))
                return value;
            Need(false, field, issue);
            return null;
        }
    }

    private delegate bool Parser<T>(string? text, out T value);

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]{0,48}[a-z0-9])?\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Label();

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*\\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Variable();

    [GeneratedRegex("^(?<w>[1-9][0-9]{2,3})x(?<h>[1-9][0-9]{2,3})\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Picture();
}
