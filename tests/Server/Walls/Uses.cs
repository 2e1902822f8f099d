using System.Reflection;
using System.Reflection.Emit;

namespace StreamSpace.Server.Tests.Walls;

/// <summary>Which types a type uses: in its declaration, its signatures and in the bodies of its methods.</summary>
internal static class Uses
{
    private const BindingFlags Everything = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (OpCode)f.GetValue(null)!).ToDictionary(c => c.Value);

    /// <summary>All types that <paramref name="type"/> uses, without their generic wrapping.</summary>
    public static HashSet<Type> Of(Type type)
    {
        var used = new HashSet<Type>();
        Add(used, type.BaseType);
        foreach (var i in type.GetInterfaces())
            Add(used, i);
        AddAttributes(used, type);
        foreach (var member in type.GetMembers(Everything))
        {
            AddAttributes(used, member);
            switch (member)
            {
                case FieldInfo field: Add(used, field.FieldType); break;
                case PropertyInfo property: Add(used, property.PropertyType); break;
                case EventInfo e: Add(used, e.EventHandlerType); break;
                case MethodBase method: AddMethod(used, method); break;
            }
        }

        return used;
    }

    private static void AddMethod(HashSet<Type> used, MethodBase method)
    {
        foreach (var parameter in method.GetParameters())
            Add(used, parameter.ParameterType);
        if (method is MethodInfo { ReturnType: var answer })
            Add(used, answer);
        if (method.GetMethodBody() is not { } body)
            return;
        foreach (var local in body.LocalVariables)
            Add(used, local.LocalType);
        foreach (var clause in body.ExceptionHandlingClauses)
        {
            if (clause.Flags == ExceptionHandlingClauseOptions.Clause)
                Add(used, clause.CatchType);
        }

        Walk(used, method, body.GetILAsByteArray()!);
    }

    private static void Walk(HashSet<Type> used, MethodBase method, byte[] code)
    {
        var typeArguments = method.DeclaringType is { IsGenericType: true } generic ? generic.GetGenericArguments() : null;
        var methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (var at = 0; at < code.Length;)
        {
            short value = code[at++];
            if (value == 0xFE)
                value = (short)(0xFE00 | code[at++]);
            switch (Codes[value].OperandType)
            {
                case OperandType.InlineNone: break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar: at++; break;
                case OperandType.InlineVar: at += 2; break;
                case OperandType.InlineI8 or OperandType.InlineR: at += 8; break;
                case OperandType.InlineSwitch: at += 4 + 4 * BitConverter.ToInt32(code, at); break;
                case OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok:
                    AddMember(used, method.Module.ResolveMember(BitConverter.ToInt32(code, at), typeArguments, methodArguments));
                    at += 4;
                    break;
                default: at += 4; break;
            }
        }
    }

    private static void AddMember(HashSet<Type> used, MemberInfo? member)
    {
        Add(used, member as Type ?? member?.DeclaringType);
        if (member is MethodInfo method)
        {
            foreach (var argument in method.IsGenericMethod ? method.GetGenericArguments() : [])
                Add(used, argument);
            foreach (var parameter in method.GetParameters())
                Add(used, parameter.ParameterType);
            Add(used, method.ReturnType);
        }
        else if (member is FieldInfo field)
        {
            Add(used, field.FieldType);
        }
    }

    private static void AddAttributes(HashSet<Type> used, MemberInfo member)
    {
        foreach (var attribute in member.GetCustomAttributesData())
        {
            Add(used, attribute.AttributeType);
            foreach (var argument in attribute.ConstructorArguments)
                Add(used, argument.Value as Type);
        }
    }

    private static void Add(HashSet<Type> used, Type? type)
    {
        while (type is { HasElementType: true })
            type = type.GetElementType();
        if (type is null || type.IsGenericParameter || !used.Add(type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : type) && !type.IsConstructedGenericType)
            return;
        foreach (var argument in type.IsConstructedGenericType ? type.GetGenericArguments() : [])
            Add(used, argument);
    }
}
