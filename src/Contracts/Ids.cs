using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace StreamSpace.Contracts;

/// <summary>A strongly typed identifier over a UUIDv7. On the wire it is the plain UUID as text.</summary>
/// <typeparam name="TSelf">The identifier itself.</typeparam>
public interface IId<TSelf> : ISpanParsable<TSelf> where TSelf : struct, IId<TSelf>
{
    /// <summary>The UUID behind the identifier.</summary>
    Guid Value { get; }

    /// <summary>Names an existing thing.</summary>
    static abstract TSelf From(Guid value);

    static TSelf IParsable<TSelf>.Parse(string s, IFormatProvider? provider) => TSelf.From(Guid.Parse(s, CultureInfo.InvariantCulture));

    static TSelf ISpanParsable<TSelf>.Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => TSelf.From(Guid.Parse(s, CultureInfo.InvariantCulture));

    static bool ISpanParsable<TSelf>.TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out TSelf result)
    {
        var ok = Guid.TryParse(s, CultureInfo.InvariantCulture, out var value);
        result = TSelf.From(value);
        return ok;
    }
}

/// <summary>A person (or, later, a service account).</summary>
[JsonConverter(typeof(IdJsonConverter<UserId>))]
public readonly record struct UserId(Guid Value) : IId<UserId>
{
    /// <summary>A fresh identifier.</summary>
    public static UserId New() => new(Guid.CreateVersion7());

    /// <inheritdoc/>
    public static UserId From(Guid value) => new(value);

    /// <summary>Used by route and query binding.</summary>
    public static bool TryParse(string? s, IFormatProvider? provider, out UserId result)
    {
        var ok = Guid.TryParse(s, CultureInfo.InvariantCulture, out var value);
        result = new(value);
        return ok;
    }

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}

/// <summary>A session: one running or hibernated instance of a template.</summary>
[JsonConverter(typeof(IdJsonConverter<SessionId>))]
public readonly record struct SessionId(Guid Value) : IId<SessionId>
{
    /// <summary>A fresh identifier.</summary>
    public static SessionId New() => new(Guid.CreateVersion7());

    /// <inheritdoc/>
    public static SessionId From(Guid value) => new(value);

    /// <summary>Used by route and query binding.</summary>
    public static bool TryParse(string? s, IFormatProvider? provider, out SessionId result)
    {
        var ok = Guid.TryParse(s, CultureInfo.InvariantCulture, out var value);
        result = new(value);
        return ok;
    }

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}

/// <summary>A login: an authenticated period of a person on one device.</summary>
[JsonConverter(typeof(IdJsonConverter<LoginId>))]
public readonly record struct LoginId(Guid Value) : IId<LoginId>
{
    /// <summary>A fresh identifier.</summary>
    public static LoginId New() => new(Guid.CreateVersion7());

    /// <inheritdoc/>
    public static LoginId From(Guid value) => new(value);

    /// <summary>Used by route and query binding.</summary>
    public static bool TryParse(string? s, IFormatProvider? provider, out LoginId result)
    {
        var ok = Guid.TryParse(s, CultureInfo.InvariantCulture, out var value);
        result = new(value);
        return ok;
    }

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}

/// <summary>A viewer: one browser connected to a session's display.</summary>
[JsonConverter(typeof(IdJsonConverter<ViewerId>))]
public readonly record struct ViewerId(Guid Value) : IId<ViewerId>
{
    /// <summary>A fresh identifier.</summary>
    public static ViewerId New() => new(Guid.CreateVersion7());

    /// <inheritdoc/>
    public static ViewerId From(Guid value) => new(value);

    /// <summary>Used by route and query binding.</summary>
    public static bool TryParse(string? s, IFormatProvider? provider, out ViewerId result)
    {
        var ok = Guid.TryParse(s, CultureInfo.InvariantCulture, out var value);
        result = new(value);
        return ok;
    }

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}

/// <summary>A data protection policy.</summary>
[JsonConverter(typeof(IdJsonConverter<DlpPolicyId>))]
public readonly record struct DlpPolicyId(Guid Value) : IId<DlpPolicyId>
{
    /// <summary>A fresh identifier.</summary>
    public static DlpPolicyId New() => new(Guid.CreateVersion7());

    /// <inheritdoc/>
    public static DlpPolicyId From(Guid value) => new(value);

    /// <summary>Used by route and query binding.</summary>
    public static bool TryParse(string? s, IFormatProvider? provider, out DlpPolicyId result)
    {
        var ok = Guid.TryParse(s, CultureInfo.InvariantCulture, out var value);
        result = new(value);
        return ok;
    }

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}

/// <summary>A violation of a data protection policy, or an incident that was only remembered.</summary>
[JsonConverter(typeof(IdJsonConverter<DlpViolationId>))]
public readonly record struct DlpViolationId(Guid Value) : IId<DlpViolationId>
{
    /// <summary>A fresh identifier.</summary>
    public static DlpViolationId New() => new(Guid.CreateVersion7());

    /// <inheritdoc/>
    public static DlpViolationId From(Guid value) => new(value);

    /// <summary>Used by route and query binding.</summary>
    public static bool TryParse(string? s, IFormatProvider? provider, out DlpViolationId result)
    {
        var ok = Guid.TryParse(s, CultureInfo.InvariantCulture, out var value);
        result = new(value);
        return ok;
    }

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}

/// <summary>An approval to launch, asked for by one person and granted by another.</summary>
[JsonConverter(typeof(IdJsonConverter<LaunchApprovalId>))]
public readonly record struct LaunchApprovalId(Guid Value) : IId<LaunchApprovalId>
{
    /// <summary>A fresh identifier.</summary>
    public static LaunchApprovalId New() => new(Guid.CreateVersion7());

    /// <inheritdoc/>
    public static LaunchApprovalId From(Guid value) => new(value);

    /// <summary>Used by route and query binding.</summary>
    public static bool TryParse(string? s, IFormatProvider? provider, out LaunchApprovalId result)
    {
        var ok = Guid.TryParse(s, CultureInfo.InvariantCulture, out var value);
        result = new(value);
        return ok;
    }

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}

/// <summary>A recording of a session.</summary>
[JsonConverter(typeof(IdJsonConverter<RecordingId>))]
public readonly record struct RecordingId(Guid Value) : IId<RecordingId>
{
    /// <summary>A fresh identifier.</summary>
    public static RecordingId New() => new(Guid.CreateVersion7());

    /// <inheritdoc/>
    public static RecordingId From(Guid value) => new(value);

    /// <summary>Used by route and query binding.</summary>
    public static bool TryParse(string? s, IFormatProvider? provider, out RecordingId result)
    {
        var ok = Guid.TryParse(s, CultureInfo.InvariantCulture, out var value);
        result = new(value);
        return ok;
    }

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}

/// <summary>A share: one person's access to one session of somebody else.</summary>
[JsonConverter(typeof(IdJsonConverter<ShareId>))]
public readonly record struct ShareId(Guid Value) : IId<ShareId>
{
    /// <summary>A fresh identifier.</summary>
    public static ShareId New() => new(Guid.CreateVersion7());

    /// <inheritdoc/>
    public static ShareId From(Guid value) => new(value);

    /// <summary>Used by route and query binding.</summary>
    public static bool TryParse(string? s, IFormatProvider? provider, out ShareId result)
    {
        var ok = Guid.TryParse(s, CultureInfo.InvariantCulture, out var value);
        result = new(value);
        return ok;
    }

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}

/// <summary>A team: people that policies name together.</summary>
[JsonConverter(typeof(IdJsonConverter<TeamId>))]
public readonly record struct TeamId(Guid Value) : IId<TeamId>
{
    /// <summary>A fresh identifier.</summary>
    public static TeamId New() => new(Guid.CreateVersion7());

    /// <inheritdoc/>
    public static TeamId From(Guid value) => new(value);

    /// <summary>Used by route and query binding.</summary>
    public static bool TryParse(string? s, IFormatProvider? provider, out TeamId result)
    {
        var ok = Guid.TryParse(s, CultureInfo.InvariantCulture, out var value);
        result = new(value);
        return ok;
    }

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}

/// <summary>Writes an identifier as its UUID.</summary>
public sealed class IdJsonConverter<TId> : JsonConverter<TId> where TId : struct, IId<TId>
{
    /// <inheritdoc/>
    public override TId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TryGetGuid(out var value) ? TId.From(value) : throw new JsonException("must be a UUID");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, TId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);

    /// <inheritdoc/>
    public override TId ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        TId.From(Guid.Parse(reader.GetString()!, CultureInfo.InvariantCulture));

    /// <inheritdoc/>
    public override void WriteAsPropertyName(Utf8JsonWriter writer, TId value, JsonSerializerOptions options) => writer.WritePropertyName(value.Value.ToString());
}
