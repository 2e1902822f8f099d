using System.Globalization;
using System.Text;
using StreamSpace.Runtimes.Local.Native;

namespace StreamSpace.Runtimes.Local.Launching;

/// <summary>What one of the perl programs is told: <c>key=value</c> entries, NUL-terminated, with <c>end</c> as the last.</summary>
internal sealed class Orders
{
    private readonly StringBuilder _text = new();

    public Orders Add(string key, string value)
    {
        _text.Append(key).Append('=').Append(value).Append('\0');
        return this;
    }

    public Orders Add(string key, int value) => Add(key, value.ToString(CultureInfo.InvariantCulture));

    public Orders AddCalls(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            Add($"call_{name}", SystemCalls.Number(name));
        return this;
    }

    public byte[] ToArray() => Encoding.UTF8.GetBytes(_text + "end=1\0");
}
