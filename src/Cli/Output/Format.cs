namespace StreamSpace.Cli.Output;

/// <summary>How an answer is written.</summary>
internal enum Format
{
    /// <summary>For people.</summary>
    Table,

    /// <summary>As the API says it.</summary>
    Json,

    /// <summary>The same, easier on the eye.</summary>
    Yaml,
}
