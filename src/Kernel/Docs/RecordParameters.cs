using System.Reflection;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.Infrastructure;

namespace StreamSpace.Kernel;

/// <summary>
/// Lets query records be written as positional records: for those the framework's parameter answers attributes as a plain
/// <c>Attribute[]</c>, which its own OpenAPI generator then fails to cast. The wrapper answers typed arrays.
/// </summary>
internal sealed class RecordParameters : IApiDescriptionProvider
{
    // After the framework's own providers have described everything.
    public int Order => 1000;

    public void OnProvidersExecuting(ApiDescriptionProviderContext context)
    {
    }

    public void OnProvidersExecuted(ApiDescriptionProviderContext context)
    {
        foreach (var parameter in context.Results.SelectMany(r => r.ParameterDescriptions))
        {
            if (parameter.ParameterDescriptor is IParameterInfoParameterDescriptor { ParameterInfo: { } info })
                parameter.ParameterDescriptor = new Descriptor(new Typed(info)) { Name = parameter.ParameterDescriptor.Name, ParameterType = parameter.ParameterDescriptor.ParameterType };
        }
    }

    private sealed class Descriptor(ParameterInfo info) : ParameterDescriptor, IParameterInfoParameterDescriptor
    {
        public ParameterInfo ParameterInfo => info;
    }

    private sealed class Typed(ParameterInfo inner) : ParameterInfo
    {
        public override string? Name => inner.Name;

        public override Type ParameterType => inner.ParameterType;

        public override int Position => inner.Position;

        public override MemberInfo Member => inner.Member;

        public override ParameterAttributes Attributes => inner.Attributes;

        public override bool HasDefaultValue => inner.HasDefaultValue;

        public override object? DefaultValue => inner.DefaultValue;

        public override object? RawDefaultValue => inner.RawDefaultValue;

        public override IEnumerable<CustomAttributeData> CustomAttributes => inner.CustomAttributes;

        public override object[] GetCustomAttributes(bool inherit) => inner.GetCustomAttributes(inherit);

        public override object[] GetCustomAttributes(Type attributeType, bool inherit)
        {
            var found = inner.GetCustomAttributes(attributeType, inherit);
            var typed = Array.CreateInstance(attributeType, found.Length);
            found.CopyTo(typed, 0);
            return (object[])typed;
        }

        public override IList<CustomAttributeData> GetCustomAttributesData() => inner.GetCustomAttributesData();

        public override bool IsDefined(Type attributeType, bool inherit) => inner.IsDefined(attributeType, inherit);
    }
}
