using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;

namespace ModelDsl.Ilgpu.Kernels;

/// <summary>An instruction of a method.</summary>
/// <param name="Code">The operation.</param>
/// <param name="Start">The position of its operand.</param>
/// <param name="Length">The number of bytes of its operand.</param>
internal readonly record struct Instruction(OpCode Code, int Start, int Length)
{
    /// <summary>Whether the operand is a token, whose number depends on the other contents of the assembly.</summary>
    public bool HasToken => Code.OperandType is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineSig or OperandType.InlineString or OperandType.InlineTok or OperandType.InlineType;
}

/// <summary>Reads the instructions of methods (ECMA-335, partition III).</summary>
internal static class Instructions
{
    private const byte TwoBytes = 0xFE;

    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(static field => (OpCode)field.GetValue(null)!).ToDictionary(static code => code.Value);

    /// <summary>Returns the instructions of a method's body.</summary>
    /// <param name="il">The bytes of the body.</param>
    public static IEnumerable<Instruction> Of(byte[] il)
    {
        for (var at = 0; at < il.Length;)
        {
            var value = il[at] == TwoBytes ? unchecked((short)((TwoBytes << 8) | il[at + 1])) : il[at];
            var code = Codes[value];
            at += code.Size;
            var length = Length(code.OperandType, il, at);
            yield return new(code, at, length);
            at += length;
        }
    }

    /// <summary>Returns the token of an instruction.</summary>
    public static int Token(byte[] il, Instruction instruction) => BinaryPrimitives.ReadInt32LittleEndian(il.AsSpan(instruction.Start));

    private static int Length(OperandType type, byte[] il, int at) => type switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BinaryPrimitives.ReadInt32LittleEndian(il.AsSpan(at))),
        _ => 4,
    };
}
