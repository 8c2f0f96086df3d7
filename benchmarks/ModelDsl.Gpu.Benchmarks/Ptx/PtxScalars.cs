namespace ModelDsl.Benchmarks.Gpu.Ptx;

/// <summary>Arithmetic on the bits of registers. Floats are rounded after every instruction, which an assembler may leave out where it fuses two.</summary>
internal static class PtxScalars
{
    /// <summary>Instructions with one source.</summary>
    public static Func<ulong, ulong> Unary(string operation) => operation switch
    {
        "mov.b32" or "mov.u32" or "mov.s32" or "mov.f32" or "mov.b64" or "mov.u64" or "mov.s64" or "mov.pred" => value => value,
        "not.pred" => value => value ^ 1,
        "not.b32" => value => (uint)~value,
        "not.b64" => value => ~value,
        "neg.s32" => value => (uint)-(int)value,
        "neg.s64" => value => (ulong)-(long)value,
        "abs.s32" => value => (uint)Math.Abs((int)value),
        "neg.f32" => Float(value => -value),
        "abs.f32" => Float(MathF.Abs),
        "sqrt.rn.f32" => Float(MathF.Sqrt),
        "testp.notanumber.f32" => value => Predicate(float.IsNaN(Single(value))),
        "rcp.rn.f32" => Float(value => 1 / value),
        _ => throw new NotSupportedException(operation),
    };

    /// <summary>Instructions with two sources.</summary>
    public static Func<ulong, ulong, ulong> Binary(string operation) => operation switch
    {
        "add.s32" or "add.u32" => (a, b) => (uint)(a + b),
        "sub.s32" or "sub.u32" => (a, b) => (uint)(a - b),
        "mul.lo.s32" or "mul.lo.u32" => (a, b) => (uint)(a * b),
        "add.s64" or "add.u64" => (a, b) => a + b,
        "sub.s64" or "sub.u64" => (a, b) => a - b,
        "mul.lo.s64" or "mul.lo.u64" => (a, b) => a * b,
        "mul.wide.u32" => (a, b) => (ulong)(uint)a * (uint)b,
        "mul.wide.s32" => (a, b) => (ulong)((long)(int)a * (int)b),
        "div.s32" => (a, b) => (uint)((int)a / (int)b),
        "rem.s32" => (a, b) => (uint)((int)a % (int)b),
        "div.u32" => (a, b) => (uint)a / (uint)b,
        "rem.u32" => (a, b) => (uint)a % (uint)b,
        "div.s64" => (a, b) => (ulong)((long)a / (long)b),
        "rem.s64" => (a, b) => (ulong)((long)a % (long)b),
        "min.s32" => (a, b) => (uint)Math.Min((int)a, (int)b),
        "max.s32" => (a, b) => (uint)Math.Max((int)a, (int)b),
        "min.s64" => (a, b) => (ulong)Math.Min((long)a, (long)b),
        "max.s64" => (a, b) => (ulong)Math.Max((long)a, (long)b),
        "and.b32" or "and.b64" or "and.pred" => (a, b) => a & b,
        "or.b32" or "or.b64" or "or.pred" => (a, b) => a | b,
        "xor.b32" or "xor.b64" or "xor.pred" => (a, b) => a ^ b,
        "shl.b32" => (a, b) => b > 31 ? 0 : (uint)a << (int)b,
        "shr.s32" => (a, b) => (uint)((int)a >> (int)Math.Min(b, 31)),
        "shr.u32" or "shr.b32" => (a, b) => b > 31 ? 0 : (uint)a >> (int)b,
        "shl.b64" => (a, b) => b > 63 ? 0 : a << (int)b,
        "shr.s64" => (a, b) => (ulong)((long)a >> (int)Math.Min(b, 63)),
        "shr.u64" or "shr.b64" => (a, b) => b > 63 ? 0 : a >> (int)b,
        "add.f32" => Float((a, b) => a + b),
        "sub.f32" => Float((a, b) => a - b),
        "mul.f32" => Float((a, b) => a * b),
        "div.rn.f32" => Float((a, b) => a / b),
        "min.f32" => Float(float.MinNumber),
        "max.f32" => Float(float.MaxNumber),
        _ => throw new NotSupportedException(operation),
    };

    /// <summary>Instructions with three sources.</summary>
    public static Func<ulong, ulong, ulong, ulong> Ternary(string operation) => operation switch
    {
        "fma.rn.f32" => (a, b, c) => Bits(MathF.FusedMultiplyAdd(Single(a), Single(b), Single(c))),
        "mad.lo.s32" or "mad.lo.u32" => (a, b, c) => (uint)((a * b) + c),
        "mad.lo.s64" or "mad.lo.u64" => (a, b, c) => (a * b) + c,
        _ => throw new NotSupportedException(operation),
    };

    /// <summary>A comparison. With a <c>u</c> after its name it is also true if one of the floats is NaN.</summary>
    public static Func<ulong, ulong, ulong> Compare(string comparison, string type)
    {
        var isUnordered = type == "f32" && comparison.Length == 3;
        var name = isUnordered ? comparison[..2] : comparison;
        Func<int, bool> holds = name switch
        {
            "eq" => order => order == 0,
            "ne" => order => order != 0,
            "lt" or "lo" => order => order < 0,
            "le" or "ls" => order => order <= 0,
            "gt" or "hi" => order => order > 0,
            "ge" or "hs" => order => order >= 0,
            _ => throw new NotSupportedException($"setp.{comparison}.{type}"),
        };
        return type switch
        {
            "s32" => (a, b) => Predicate(holds(((int)a).CompareTo((int)b))),
            "u32" or "b32" => (a, b) => Predicate(holds(((uint)a).CompareTo((uint)b))),
            "s64" => (a, b) => Predicate(holds(((long)a).CompareTo((long)b))),
            "u64" or "b64" => (a, b) => Predicate(holds(a.CompareTo(b))),
            "f32" => (a, b) => Predicate(float.IsNaN(Single(a)) || float.IsNaN(Single(b)) ? isUnordered : holds(Single(a).CompareTo(Single(b)))),
            _ => throw new NotSupportedException($"setp.{comparison}.{type}"),
        };
    }

    /// <summary>A conversion: <c>cvt.rounding.to.from</c>.</summary>
    public static Func<ulong, ulong> Convert(string[] parts) => string.Join('.', parts[1..]) switch
    {
        "s64.s32" => value => (ulong)(int)value,
        "u64.u32" or "s64.u32" => value => (uint)value,
        "u64.s32" => value => (ulong)(int)value,
        "u32.u64" or "s32.s64" or "u32.s64" or "s32.u64" => value => (uint)value,
        "u32.s32" or "s32.u32" or "u64.s64" or "s64.u64" => value => value,
        "s32.u8" or "u32.u8" => value => (byte)value,
        "rn.f32.s32" => value => Bits((int)value),
        "rn.f32.u32" => value => Bits((uint)value),
        "rmi.f32.f32" => Float(MathF.Floor),
        "rzi.s32.f32" => value => (uint)(int)Single(value),
        "rna.tf32.f32" => value => MatrixMultiply.RoundToTf32((uint)value),
        _ => throw new NotSupportedException(string.Join('.', parts)),
    };

    private static float Single(ulong bits) => BitConverter.UInt32BitsToSingle((uint)bits);

    private static ulong Bits(float value) => BitConverter.SingleToUInt32Bits(value);

    private static ulong Predicate(bool value) => value ? 1UL : 0;

    private static Func<ulong, ulong> Float(Func<float, float> operation) => value => Bits(operation(Single(value)));

    private static Func<ulong, ulong, ulong> Float(Func<float, float, float> operation) => (a, b) => Bits(operation(Single(a), Single(b)));
}
