namespace StreamSpace.Templates;

/// <summary>Settings of this module, section <c>Templates</c>.</summary>
internal sealed class TemplatesOptions
{
    /// <summary>Folder of the catalogue; empty looks for <c>catalog</c> beside the program and above it.</summary>
    public string Directory { get; set; } = "";

    /// <summary>How often it is checked anew whether templates can start on each runtime.</summary>
    public TimeSpan CheckEvery { get; set; } = TimeSpan.FromSeconds(30);
}
