using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using StreamSpace.Server.Tests.Walls;

namespace StreamSpace.Server.Tests.Maps;

/// <summary>Finds the file in which a method is written, by the symbols beside its assembly.</summary>
internal static class SourceOf
{
    private static readonly Dictionary<Assembly, MetadataReaderProvider?> Symbols = [];

    public static string? File(MethodInfo method)
    {
        lock (Symbols)
        {
            if (!Symbols.TryGetValue(method.Module.Assembly, out var provider))
                Symbols[method.Module.Assembly] = provider = Open(method.Module.Assembly.Location);
            if (provider is null)
                return null;
            var reader = provider.GetMetadataReader();
            foreach (var token in Tokens(method))
            {
                var debug = reader.GetMethodDebugInformation(MetadataTokens.MethodDebugInformationHandle(token & 0xFFFFFF));
                if (!debug.Document.IsNil)
                    return Relative(reader.GetString(reader.GetDocument(debug.Document).Name));
            }

            return null;
        }
    }

    // An async method's own body is a stub without lines: they are in its state machine.
    private static IEnumerable<int> Tokens(MethodInfo method)
    {
        yield return method.MetadataToken;
        if (method.GetCustomAttribute<System.Runtime.CompilerServices.StateMachineAttribute>() is { } machine)
            yield return machine.StateMachineType.GetMethod("MoveNext", BindingFlags.Instance | BindingFlags.NonPublic)!.MetadataToken;
    }

    private static string Relative(string path) => path.StartsWith(House.Root, StringComparison.Ordinal) ? House.Short(path) : path[path.IndexOf("/src/", StringComparison.Ordinal)..].TrimStart('/');

    private static MetadataReaderProvider? Open(string assembly)
    {
        var pdb = Path.ChangeExtension(assembly, ".pdb");
        return System.IO.File.Exists(pdb) ? MetadataReaderProvider.FromPortablePdbImage([.. System.IO.File.ReadAllBytes(pdb)]) : null;
    }
}
