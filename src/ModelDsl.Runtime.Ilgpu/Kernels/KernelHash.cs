using System.Reflection;
using System.Reflection.Emit;
using System.Security.Cryptography;
using System.Text;
using ModelDsl.Ilgpu.Compiled;

namespace ModelDsl.Ilgpu.Kernels;

/// <summary>
/// The hash of a kernel: the devices that it is for, its instructions, and those of all methods that it calls, except those of .NET and ILGPU. Tokens are replaced by what they name, so that the hash does not change with the other
/// contents of an assembly.
/// </summary>
/// <remarks>A call through a type parameter or an interface of a structure is followed to the method of the structure. Code whose meaning is not known before the program runs has no hash.</remarks>
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
    /// <exception cref="NotSupportedException">What the kernel computes cannot be told from its code.</exception>
    public static string Of(MethodInfo kernel)
    {
        var hash = new KernelHash();
        hash.text.Append(kernel.GetCustomAttribute<ForCudaAttribute>()?.IsUsed).Append('\n');
        hash.Meet(kernel);
        while (hash.methods.TryDequeue(out var method))
            hash.Add(method);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(hash.text.ToString())))[..Digits];
    }

    private void Add(MethodBase method)
    {
        text.Append(Name(method)).Append('\n');
        Meet(method.DeclaringType);
        foreach (var parameter in method.GetParameters())
            Meet(parameter.ParameterType);
        if (method.GetMethodBody() is not { } body || body.GetILAsByteArray() is not { } il)
            return;
        foreach (var local in body.LocalVariables)
        {
            text.Append(local.LocalType).Append('\n');
            Meet(local.LocalType);
        }

        var ofType = method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        var ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        Type? constrained = null;
        foreach (var instruction in Instructions.Of(il))
        {
            text.Append(instruction.Code.Name).Append(' ');
            if (!instruction.HasToken)
                text.Append(Convert.ToHexString(il, instruction.Start, instruction.Length));
            else if (instruction.Code.OperandType == OperandType.InlineString)
                text.Append(method.Module.ResolveString(Instructions.Token(il, instruction)));
            else if (instruction.Code.OperandType != OperandType.InlineSig)
                Add(method.Module.ResolveMember(Instructions.Token(il, instruction), ofType, ofMethod)!, instruction.Code, ref constrained);
            text.Append('\n');
        }
    }

    /// <param name="member">What an instruction names.</param>
    /// <param name="code">The operation.</param>
    /// <param name="constrained">The type that the prefix of a call names; null without a prefix.</param>
    private void Add(MemberInfo member, OpCode code, ref Type? constrained)
    {
        switch (member)
        {
            case Type type when code == OpCodes.Constrained:
                text.Append(type);
                Meet(type);
                constrained = type;
                break;
            case MethodBase method:
                var called = constrained is null ? method : Implementations.Of(constrained, method);
                constrained = null;
                text.Append(Name(called));
                Meet(called);
                break;
            case Type type:
                text.Append(type);
                Meet(type);
                break;
            case FieldInfo field:
                // ILGPU writes the values of such fields into kernels, and each process has its own.
                if (code == OpCodes.Ldsfld || code == OpCodes.Ldsflda)
                    throw new NotSupportedException($"It reads the static field {field.DeclaringType}.{field.Name}, whose value may differ when the program runs. Use a constant.");
                text.Append(field.DeclaringType).Append('.').Append(field.Name);
                Meet(field.DeclaringType);
                Meet(field.FieldType);
                break;
            default:
                text.Append(member);
                break;
        }
    }

    /// <summary>The fields of a structure, whose order is that of the arguments of a launch, and of the types that it is made of.</summary>
    private void Meet(Type? type)
    {
        while (type?.HasElementType == true)
            type = type.GetElementType();
        if (type is null || !seen.Add(type))
            return;
        foreach (var argument in type.GetGenericArguments())
            Meet(argument);
        if (!type.IsValueType || type.IsPrimitive || IsForeign(type.Assembly))
            return;
        foreach (var field in type.GetFields(Fields))
        {
            text.Append(type).Append('.').Append(field.Name).Append(' ').Append(field.FieldType).Append('\n');
            Meet(field.FieldType);
        }
    }

    private void Meet(MethodBase method)
    {
        if (method.IsAbstract)
            throw new NotSupportedException($"It calls {Name(method)}, and which method that is cannot be told before the program runs.");
        if (method.IsGenericMethod)
        {
            foreach (var argument in method.GetGenericArguments())
                Meet(argument);
        }

        if (!IsForeign(method.Module.Assembly) && seen.Add(method))
            methods.Enqueue(method);
    }

    private static string Name(MethodBase method) => $"{method.DeclaringType}.{method}";

    /// <summary>Whether an assembly belongs to .NET or ILGPU: the list of kernels contains ILGPU's version, and ILGPU translates methods of .NET by their names.</summary>
    private static bool IsForeign(Assembly assembly) =>
        assembly == typeof(object).Assembly || assembly.GetName().Name is not { } name || name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("ILGPU", StringComparison.Ordinal);
}
