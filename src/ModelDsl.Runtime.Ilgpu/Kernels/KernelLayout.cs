using System.Reflection;
using ILGPU;

namespace ModelDsl.Ilgpu.Kernels;

/// <summary>
/// The positions of the arguments of a kernel in the bytes that a launch passes: each is aligned as C aligns it. A view takes 16 bytes.
/// </summary>
/// <param name="Arguments">Offset and size of each argument.</param>
/// <param name="Views">The number of views, including those in structures.</param>
internal sealed record KernelLayout(IReadOnlyList<(int Offset, int Size)> Arguments, int Views)
{
    /// <summary>The size of a view.</summary>
    public const int ViewBytes = 16;

    private const int ViewAlignment = 8;

    /// <summary>The number of bytes of all arguments.</summary>
    public int Bytes { get; } = Arguments.Count == 0 ? 0 : Arguments[^1].Offset + Arguments[^1].Size;

    /// <summary>Returns the layout of arguments of given types.</summary>
    /// <exception cref="NotSupportedException">A type has no layout that is the same on all devices.</exception>
    public static KernelLayout Of(params IEnumerable<Type> types)
    {
        var arguments = new List<(int, int)>();
        var (end, views) = (0, 0);
        foreach (var type in types)
        {
            var (size, alignment) = Measure(type, ref views);
            var offset = Aligned(end, alignment);
            arguments.Add((offset, size));
            end = offset + size;
        }

        return new(arguments, views);
    }

    private static (int Size, int Alignment) Measure(Type type, ref int views)
    {
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ArrayView<>))
        {
            views++;
            return (ViewBytes, ViewAlignment);
        }

        if (type.IsEnum)
            type = type.GetEnumUnderlyingType();
        if (type.IsPrimitive)
        {
            var size = Type.GetTypeCode(type) switch
            {
                TypeCode.SByte or TypeCode.Byte => sizeof(byte),
                TypeCode.Int16 or TypeCode.UInt16 => sizeof(short),
                TypeCode.Int32 or TypeCode.UInt32 or TypeCode.Single => sizeof(int),
                TypeCode.Int64 or TypeCode.UInt64 or TypeCode.Double => sizeof(long),
                _ => throw new NotSupportedException($"Arguments of the type {type} have no size that is the same on all devices."),
            };
            return (size, size);
        }

        var (end, alignment) = (0, 1);
        foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
        {
            var (size, own) = Measure(field.FieldType, ref views);
            end = Aligned(end, own) + size;
            alignment = Math.Max(alignment, own);
        }

        return end > 0 ? (Aligned(end, alignment), alignment) : throw new NotSupportedException($"The structure {type} has no fields.");
    }

    private static int Aligned(int offset, int alignment) => (offset + alignment - 1) / alignment * alignment;
}
