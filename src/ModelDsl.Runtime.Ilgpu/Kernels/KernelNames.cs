using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace ModelDsl.Ilgpu.Kernels;

/// <summary>The names of kernels in the list, and of their texts.</summary>
internal static class KernelNames
{
    private const int LongestFile = 120;
    private const int HashDigits = 8;

    /// <summary>The name of a kernel: its assembly, its class and its method, with the types that it is made for.</summary>
    public static string Of(MethodInfo kernel) => $"{kernel.Module.Assembly.GetName().Name}/{kernel.DeclaringType!.FullName}.{Method(kernel)}";

    /// <summary>The name for people: the class without its namespace, and the method.</summary>
    public static string Short(MethodInfo kernel) => $"{kernel.DeclaringType!.Name}.{Method(kernel)}";

    /// <summary>The name of the file of a text, without its extension. Long names are shortened, because systems limit them.</summary>
    public static string File(MethodInfo kernel)
    {
        var name = string.Concat(Of(kernel).Split('/')[1].Select(static symbol => char.IsLetterOrDigit(symbol) || symbol is '.' or '_' ? symbol : '-'));
        return name.Length <= LongestFile ? name : name[..LongestFile] + "-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..HashDigits];
    }

    private static string Method(MethodInfo kernel) =>
        kernel.IsGenericMethod ? $"{kernel.Name}[{string.Join(',', kernel.GetGenericArguments().Select(static type => type.FullName))}]" : kernel.Name;
}
