using System.Globalization;
using ModelDsl.Benchmarks.Gpu.Ptx;

namespace ModelDsl.Benchmarks.Gpu.Predictions;

/// <summary>What following a thread does at an instruction.</summary>
internal enum CodeAction
{
    /// <summary>Computes a value that control flow and addresses may depend on.</summary>
    Compute,

    /// <summary>Writes registers with values that are not followed: floats, and what was read from memory.</summary>
    Forget,

    /// <summary>Reads an argument.</summary>
    Argument,

    /// <summary>Reads from or writes to memory.</summary>
    Access,

    Branch,
    Return,
    Nothing,
}

/// <summary>An instruction with registers and constants as numbers.</summary>
internal sealed record CodeStep(CodeAction Action)
{
    /// <summary>The register that decides whether it is executed; negative if it always is.</summary>
    public int Predicate { get; init; } = -1;

    public bool IsNegated { get; init; }

    /// <summary>The registers that it writes.</summary>
    public int[] Targets { get; init; } = [];

    /// <summary>The registers that it reads. Constants are registers too.</summary>
    public int[] Sources { get; init; } = [];

    public Func<ulong, ulong, ulong, ulong>? Function { get; init; }

    /// <summary>The instruction a branch continues at, or the offset of an argument.</summary>
    public int Location { get; init; }

    /// <summary>The size of an argument or an access.</summary>
    public int Bytes { get; init; }

    public bool IsStore { get; init; }

    /// <summary>Whether a result is false as soon as one source is.</summary>
    public bool IsAnd { get; init; }
}

/// <summary>The PTX of a kernel in the form in which its threads are followed.</summary>
internal sealed class KernelCode
{
    private static readonly string[] Special = ["%tid.x", "%ntid.x", "%ctaid.x", "%nctaid.x", "%laneid"];

    private readonly Dictionary<string, int> registers = Special.Select(static (name, i) => (name, i)).ToDictionary(static pair => pair.name, static pair => pair.i);
    private readonly Dictionary<int, ulong> constants = [];

    private KernelCode(PtxProgram program)
    {
        Program = program;
        Kinds = InstructionKinds.Of(program);
        Steps = [.. program.Instructions.Select(Step)];
    }

    public PtxProgram Program { get; }

    /// <summary>The kinds of the instructions.</summary>
    public IReadOnlyList<InstructionKind> Kinds { get; }

    public IReadOnlyList<CodeStep> Steps { get; }

    /// <summary>The number of registers. The first are those that say which thread it is.</summary>
    public int Registers => registers.Count;

    /// <summary>The registers that are constants.</summary>
    public IReadOnlyDictionary<int, ulong> Constants => constants;

    /// <summary>Reads the text of a kernel.</summary>
    public static KernelCode Of(string ptx) => new(PtxProgram.Parse(ptx));

    private CodeStep Step(PtxInstruction instruction)
    {
        var step = Action(instruction);
        return instruction.Predicate.Length == 0 ? step : step with { Predicate = Register(instruction.Predicate), IsNegated = instruction.IsNegated };
    }

    private CodeStep Action(PtxInstruction instruction)
    {
        var (parts, operands) = (instruction.Operation.Split('.'), instruction.Operands);
        var type = parts[^1];
        switch (parts[0])
        {
            case "bra":
                return new(CodeAction.Branch) { Location = Program.Labels[operands[0]] };
            case "ret" or "exit":
                return new(CodeAction.Return);
            case "bar":
                return new(CodeAction.Nothing);
            case "ld" when parts[1] == "param":
                var (name, offset) = Address(operands[1]);
                return new(CodeAction.Argument) { Targets = [Register(operands[0])], Location = Program.Parameters[name] + offset, Bytes = Size(type) };
            case "ld":
                return Access(operands[1], List(operands[0])) with { Targets = [.. List(operands[0]).Select(Register)] };
            case "st":
                return Access(operands[0], List(operands[1])) with { IsStore = true };
        }

        // Floats, also in comparisons and conversions to integers, are not followed.
        if (type == "f32" || parts[0] == "mma" || (parts[0] == "cvt" && parts.Contains("f32")))
            return new(CodeAction.Forget) { Targets = [.. List(operands[0]).Select(Register)] };
        return new(CodeAction.Compute)
        {
            Targets = [Register(operands[0])],
            Sources = [.. operands.Skip(1).Select(Register)],
            Function = Function(parts, instruction),
            IsAnd = instruction.Operation == "and.pred",
        };

        CodeStep Access(string address, string[] values) => new(parts[1] == "global" ? CodeAction.Access : CodeAction.Forget) { Sources = [Register(Address(address).Name)], Bytes = Size(type) * values.Length };
    }

    private static Func<ulong, ulong, ulong, ulong> Function(string[] parts, PtxInstruction instruction)
    {
        switch (parts[0])
        {
            case "cvta":
                return static (a, _, _) => a;
            case "cvt":
                var convert = PtxScalars.Convert(parts);
                return (a, _, _) => convert(a);
            case "selp":
                return static (a, b, predicate) => predicate == 1 ? a : b;
            case "setp":
                var compare = PtxScalars.Compare(parts[1], parts[^1]);
                return (a, b, _) => compare(a, b);
        }

        switch (instruction.Operands.Count)
        {
            case 2:
                var unary = PtxScalars.Unary(instruction.Operation);
                return (a, _, _) => unary(a);
            case 3:
                var binary = PtxScalars.Binary(instruction.Operation);
                return (a, b, _) => binary(a, b);
            default:
                return PtxScalars.Ternary(instruction.Operation);
        }
    }

    private int Register(string name)
    {
        if (registers.TryGetValue(name, out var number))
            return number;
        registers[name] = number = registers.Count;

        // The address of an array in shared memory is a constant as well; its value does not matter.
        if (Program.Shared.ContainsKey(name) || Program.Local.ContainsKey(name))
            constants[number] = 0;
        else if (name.StartsWith("0f", StringComparison.OrdinalIgnoreCase))
            constants[number] = ulong.Parse(name.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        else if (char.IsAsciiDigit(name[0]) || name[0] == '-')
            constants[number] = name[0] == '-' ? (ulong)long.Parse(name, CultureInfo.InvariantCulture) : ulong.Parse(name, CultureInfo.InvariantCulture);
        return number;
    }

    private static (string Name, int Offset) Address(string operand)
    {
        var parts = operand.Trim('[', ']').Split('+');
        return (parts[0].Trim(), parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0);
    }

    private static string[] List(string operand) => [.. operand.Trim('{', '}').Split(',').Select(static part => part.Trim())];

    private static int Size(string type) => int.Parse(type.AsSpan(1), CultureInfo.InvariantCulture) / 8;
}
