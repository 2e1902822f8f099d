using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.AspNetCore.Http;

namespace StreamSpace.Kernel;

/// <summary>
/// Checks the DataAnnotations of request records, on properties and on constructor parameters, nested records too, and names each field as
/// the caller wrote it. The framework's own validation skips internal types and speaks another shape of error.
/// </summary>
internal static class Validation
{
    private static readonly ConcurrentDictionary<Type, Rule[]> Rules = new();

    public static EndpointFilterDelegate Filter(EndpointFilterFactoryContext factory, EndpointFilterDelegate next)
    {
        var checkedArguments = factory.MethodInfo.GetParameters().Select((p, i) => (p.ParameterType, i)).Where(p => Ours(p.ParameterType)).Select(p => p.i).ToArray();
        if (checkedArguments.Length == 0)
            return next;
        return call =>
        {
            List<FieldIssue>? issues = null;
            foreach (var index in checkedArguments)
            {
                if (call.Arguments[index] is { } argument)
                    Check(argument, "", ref issues, 0);
            }

            return issues is null ? next(call) : ValueTask.FromResult<object?>(Failure.Fields(issues).ToHttp());
        };
    }

    /// <summary>Checks one object; null when all is well.</summary>
    public static Failure? Check(object value)
    {
        List<FieldIssue>? issues = null;
        Check(value, "", ref issues, 0);
        return issues is null ? null : Failure.Fields(issues);
    }

    private static void Check(object value, string prefix, ref List<FieldIssue>? issues, int depth)
    {
        if (depth > 4)
            return;
        foreach (var rule in Rules.GetOrAdd(value.GetType(), Read))
        {
            var member = rule.Property.GetValue(value);
            var name = prefix + rule.Name;
            foreach (var attribute in rule.Attributes)
            {
                var context = new ValidationContext(value) { MemberName = rule.Property.Name, DisplayName = rule.Name };
                if (attribute.GetValidationResult(member, context) is { } wrong && wrong != ValidationResult.Success)
                    (issues ??= []).Add(new(name, wrong.ErrorMessage ?? "is not valid."));
            }

            if (member is not null && Ours(rule.Property.PropertyType))
                Check(member, name + ".", ref issues, depth + 1);
        }
    }

    private static Rule[] Read(Type type)
    {
        var parameters = type.GetConstructors().FirstOrDefault()?.GetParameters().ToDictionary(p => p.Name!, StringComparer.OrdinalIgnoreCase) ?? [];
        return [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.GetIndexParameters().Length == 0)
            .Select(p => new Rule(p, SnakeCase.Of(p.Name), [.. p.GetCustomAttributes<ValidationAttribute>(), .. parameters.GetValueOrDefault(p.Name)?.GetCustomAttributes<ValidationAttribute>() ?? []]))
            .Where(r => r.Attributes.Length > 0 || Ours(r.Property.PropertyType))];
    }

    private static bool Ours(Type type) =>
        type is { IsClass: true, IsArray: false } && !type.IsAssignableTo(typeof(System.Collections.IEnumerable))
        && type.Assembly.GetName().Name?.StartsWith("StreamSpace", StringComparison.Ordinal) == true
        && type.GetMethod("<Clone>$") is not null;

    private sealed record Rule(PropertyInfo Property, string Name, ValidationAttribute[] Attributes);
}
