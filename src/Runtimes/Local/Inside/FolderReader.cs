using System.Text;
using Microsoft.Win32.SafeHandles;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Runtimes.Local.Native;

namespace StreamSpace.Runtimes.Local.Inside;

/// <summary>Reads the entries of an open folder without ever resolving a path again.</summary>
internal static class FolderReader
{
    public static List<FileEntry> Read(SafeFileHandle folder, string path, int most)
    {
        var entries = new List<FileEntry>();
        foreach (var name in Names(folder))
        {
            if (FileStatus.At((int)folder.DangerousGetHandle(), name, 0) is { } status)
                entries.Add(new FileEntry(name, path.TrimEnd('/') + '/' + name, status.IsFolder, status.IsLink, status.Bytes, status.ModifiedAt, status.Mode));
            if (entries.Count == most)
                break;
        }

        return entries;
    }

    /// <summary>The names from the folder's present place on; <c>.</c> and <c>..</c> are left out.</summary>
    public static IEnumerable<string> Names(SafeFileHandle folder)
    {
        var buffer = new byte[32768];
        while (Next(folder, buffer) is > 0 and var count)
        {
            for (int at = 0, length; at < count; at += length)
            {
                length = BitConverter.ToUInt16(buffer, at + 16);
                var end = Array.IndexOf(buffer, (byte)0, at + 19);
                var name = Encoding.UTF8.GetString(buffer, at + 19, end - at - 19);
                if (name is not ("." or ".."))
                    yield return name;
            }
        }
    }

    private static unsafe int Next(SafeFileHandle folder, byte[] buffer)
    {
        fixed (byte* at = buffer)
            return (int)Libc.GetEntries((int)folder.DangerousGetHandle(), at, (nuint)buffer.Length);
    }
}
