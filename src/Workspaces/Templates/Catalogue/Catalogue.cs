using Microsoft.Extensions.Options;
using StreamSpace.Contracts.Templates;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace StreamSpace.Templates;

/// <summary>A template with what only the catalogue's pages need.</summary>
/// <param name="Facts">What a launch needs.</param>
/// <param name="Description">One or two sentences.</param>
/// <param name="Tags">Words it is found by.</param>
/// <param name="Icon">SVG.</param>
internal sealed record Template(TemplateFacts Facts, string Description, IReadOnlyList<string> Tags, byte[] Icon);

/// <summary>The catalogue, read once at start. A file that is wrong stops the start and is told with every problem it has.</summary>
internal sealed class Catalogue : ITemplateLookup
{
    private readonly Dictionary<string, Template> byName;

    public Catalogue(IOptions<TemplatesOptions> options) : this(FolderOf(options.Value))
    {
    }

    internal Catalogue(string folder)
    {
        var yaml = new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).WithDuplicateKeyChecking().Build();
        var problems = new List<string>();
        var read = new List<Template>();
        foreach (var path in Directory.EnumerateFiles(folder, "*.yaml").Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(path);
            try
            {
                var (template, wrong) = TemplateFileRules.Read(yaml.Deserialize<TemplateFile?>(File.ReadAllText(path)) ?? new(), name, folder);
                problems.AddRange(wrong);
                if (template is not null)
                    read.Add(template);
            }
            catch (YamlException e)
            {
                problems.Add($"{name}: line {e.Start.Line}: {e.InnerException?.Message ?? e.Message}");
            }
        }

        if (problems.Count > 0)
            throw new InvalidOperationException($"The catalogue in {folder} is not right:\n  {string.Join("\n  ", problems)}");
        byName = read.ToDictionary(t => t.Facts.Name, StringComparer.Ordinal);
        All = [.. read.OrderBy(t => t.Facts.DisplayName, StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>All templates, by what people call them.</summary>
    public IReadOnlyList<Template> All { get; }

    public Template? Get(string name) => byName.GetValueOrDefault(name);

    public TemplateFacts? Find(string name) => Get(name)?.Facts;

    private static string FolderOf(TemplatesOptions options)
    {
        if (options.Directory.Length > 0)
            return Directory.Exists(options.Directory) ? options.Directory : throw new InvalidOperationException($"The catalogue's folder {options.Directory} (Templates:Directory) does not exist.");
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "catalog", "template.schema.json")))
                return Path.Combine(folder.FullName, "catalog");
        }

        throw new InvalidOperationException("There is no catalogue: no folder \"catalog\" stands beside the program or above it. Set Templates:Directory.");
    }
}
