using System.Runtime.Versioning;

[assembly: SupportedOSPlatform("linux")]

// Sessions are heavy and some tests measure: one at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
