using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace ModelDsl.Ilgpu.Kernels;

/// <summary>
/// The hash of a kernel: its instructions, and those of all methods that it calls, except those of .NET and ILGPU. Tokens are replaced by what they name, so that the hash does not change with the other
/// contents of an assembly.
/// </summary>
internal sealed class KernelHash
{
    private const int Digits = 32;
    private const BindingFlags Fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private readonly StringBuilder text = new();
    private readonly HashSet<object> seen = [];
    private readonly Queue<MethodBase> methods = new();

    private KernelHash()
    {
    }

    /// <summary>Returns the hash of a kernel.</summary>
    /// <param name="kernel">The method that is launched.</param>
    public static string Of(MethodInfo kernel)
    {
        var hash = new KernelHash();
        hash.Meet(kernel);
        while (hash.methods.TryDequeue(out var method))
            hash.Add(method);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(hash.text.ToString())))[..Digits];
    }

    private void Add(MethodBase method)
    {
        text.Append(Name(method)).Append('\n');
        foreach (var parameter in method.GetParameters())
            Meet(parameter.ParameterType);
        if (method.GetMethodBody() is not { } body || body.GetILAsByteArray() is not { } il)
            return;
        foreach (var local in body.LocalVariables)
            text.Append(local.LocalType).Append('\n');
        var ofType = method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        var ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        foreach (var instruction in Instructions.Of(il))
        {
            text.Append(instruction.Code.Name).Append(' ');
            if (!instruction.HasToken)
                text.Append(Convert.ToHexString(il, instruction.Start, instruction.Length));
            else if (instruction.Code.OperandType == System.Reflection.Emit.OperandType.InlineString)
                text.Append(method.Module.ResolveString(Instructions.Token(il, instruction)));
            else if (instruction.Code.OperandType != System.Reflection.Emit.OperandType.InlineSig)
                Add(method.Module.ResolveMember(Instructions.Token(il, instruction), ofType, ofMethod)!);
            text.Append('\n');
        }
    }

    private void Add(MemberInfo member)
    {
        switch (member)
        {
            case MethodBase method:
                text.Append(Name(method));
                Meet(method);
                break;
            case Type type:
                text.Append(type);
                Meet(type);
                break;
            case FieldInfo field:
                text.Append(field.DeclaringType).Append('.').Append(field.Name);

                // ILGPU writes the values of such fields into kernels.
                if (field is { IsStatic: true, IsInitOnly: true, IsLiteral: false, FieldType.IsPrimitive: true })
                    text.Append(CultureInfo.InvariantCulture, $" = {field.GetValue(null)}");
                break;
            default:
                text.Append(member);
                break;
        }
    }

    /// <summary>The fields of a structure, whose order is that of the arguments of a launch.</summary>
    private void Meet(Type type)
    {
        if (!type.IsValueType || type.IsPrimitive || IsForeign(type.Assembly) || !seen.Add(type))
            return;
        foreach (var field in type.GetFields(Fields))
        {
            text.Append(type).Append('.').Append(field.Name).Append(' ').Append(field.FieldType).Append('\n');
            Meet(field.FieldType);
        }
    }

    private void Meet(MethodBase method)
    {
        if (!IsForeign(method.Module.Assembly) && seen.Add(method))
            methods.Enqueue(method);
    }

    private static string Name(MethodBase method) => $"{method.DeclaringType}.{method}";

    /// <summary>Whether an assembly belongs to .NET or ILGPU: the list of kernels contains ILGPU's version, and ILGPU translates methods of .NET by their names.</summary>
    private static bool IsForeign(Assembly assembly) =>
        assembly == typeof(object).Assembly || assembly.GetName().Name is not { } name || name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("ILGPU", StringComparison.Ordinal);
}
