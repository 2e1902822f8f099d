namespace StreamSpace.Templates;

/// <summary>A template as it is written in <c>catalog/NAME.yaml</c>; see <c>catalog/template.schema.json</c>.</summary>
internal sealed class TemplateFile
{
    public string Name { get; set; } = "";
    public string Version { get; set; } = "";
    public string DisplayName { get; set; } = "";
    public string Description { get; set; } = "";
    public string Category { get; set; } = "";
    public List<string> Tags { get; set; } = [];
    public string Icon { get; set; } = "";
    public string Protocol { get; set; } = "rfb";
    public string Geometry { get; set; } = "1280x800";
    public ResourcesPart? Resources { get; set; }
    public MostPart? Most { get; set; }
    public string? IdleTimeout { get; set; }
    public string? FreezeAfter { get; set; }
    public string? MaxDuration { get; set; }
    public int CpuThreshold { get; set; } = 25;
    public Dictionary<string, string> Env { get; set; } = [];
    public List<string> Runtimes { get; set; } = [];
    public RunPart Run { get; set; } = new();
    public LocalPart? Local { get; set; }
    public ContainerPart? Container { get; set; }

    internal sealed class ResourcesPart
    {
        public string Cpu { get; set; } = "";
        public string Memory { get; set; } = "";
        public string Storage { get; set; } = "";
        public int Processes { get; set; } = 512;
    }

    internal sealed class MostPart
    {
        public string? Cpu { get; set; }
        public string? Memory { get; set; }
        public string? Storage { get; set; }
    }

    internal sealed class RunPart
    {
        public List<string> Command { get; set; } = [];
        public bool Panel { get; set; }
        public bool Opengl { get; set; } = true;
    }

    internal sealed class LocalPart
    {
        public List<string> Packages { get; set; } = [];
        public List<string> Programs { get; set; } = [];
    }

    internal sealed class ContainerPart
    {
        public string? Image { get; set; }
        public string? Recipe { get; set; }
        public int DisplayPort { get; set; } = 5900;
    }
}
