using ModelDsl.Benchmarks.Gpu.Ptx;

namespace ModelDsl.Benchmarks.Gpu.Predictions;

/// <summary>Finds the kind of each instruction of a kernel.</summary>
internal static class InstructionKinds
{
    /// <summary>Each thread of a warp has this part of the product of a 16 × 8 and an 8 × 8 matrix, in products and sums.</summary>
    private const int MatrixProductFlops = 2 * 16 * 8 * 8 / 32;

    /// <summary>Returns the kinds in the order of the instructions.</summary>
    public static IReadOnlyList<InstructionKind> Of(PtxProgram program)
    {
        var kinds = program.Instructions.Select(static instruction => Of(instruction.Operation)).ToArray();
        Contract(program, kinds);
        return kinds;
    }

    /// <summary>The floating-point operations of an instruction.</summary>
    public static int Flops(InstructionKind kind) => kind switch
    {
        InstructionKind.FusedMultiplyAdd => 2,
        InstructionKind.MatrixProduct => MatrixProductFlops,
        InstructionKind.Float or InstructionKind.Function => 1,
        _ => 0,
    };

    /// <summary>Whether a multiprocessor has to issue it. It is a lower bound: remainders and functions are several instructions.</summary>
    public static bool IsIssued(InstructionKind kind) => kind is not (InstructionKind.Contracted or InstructionKind.Move);

    private static InstructionKind Of(string operation)
    {
        var parts = operation.Split('.');
        var isFloat = parts[^1] == "f32";
        return parts[0] switch
        {
            "mma" => InstructionKind.MatrixProduct,
            "fma" => InstructionKind.FusedMultiplyAdd,
            "ld" when parts[1] == "param" => InstructionKind.Move,
            "ld" => parts[1] == "shared" ? InstructionKind.Shared : InstructionKind.GlobalLoad,
            "st" => parts[1] == "shared" ? InstructionKind.Shared : InstructionKind.GlobalStore,
            "mov" or "cvta" => InstructionKind.Move,
            "bra" or "ret" or "exit" or "bar" => InstructionKind.Control,
            "setp" or "selp" or "testp" => InstructionKind.Comparison,
            "and" or "or" or "xor" or "not" when parts[^1] == "pred" => InstructionKind.Comparison,
            "rem" => InstructionKind.Remainder,
            "div" => isFloat ? InstructionKind.Function : InstructionKind.Remainder,
            "rcp" or "sqrt" or "rsqrt" or "ex2" or "lg2" or "sin" or "cos" or "tanh" => InstructionKind.Function,
            "cvt" => InstructionKind.Integer,
            _ => isFloat ? InstructionKind.Float : InstructionKind.Integer,
        };
    }

    /// <summary>Joins each sum with a product before it that nothing else reads, as the assembler does.</summary>
    private static void Contract(PtxProgram program, InstructionKind[] kinds)
    {
        var instructions = program.Instructions;
        var ends = program.Labels.Values.ToHashSet();
        var products = new Dictionary<string, int>();
        for (var i = 0; i < instructions.Count; i++)
        {
            // A product in another block may be executed a different number of times.
            if (ends.Contains(i))
                products.Clear();
            var instruction = instructions[i];
            var operation = instruction.Operation;
            if (operation is "add.f32" or "sub.f32")
            {
                var factor = instruction.Operands.Skip(1).Where(operand => products.TryGetValue(operand, out var at) && IsReadOnce(instructions, at, operand)).FirstOrDefault();
                if (factor is not null)
                {
                    kinds[products[factor]] = InstructionKind.Contracted;
                    kinds[i] = InstructionKind.FusedMultiplyAdd;
                    products.Remove(factor);
                }
            }

            if (instruction.Operands.Count == 0)
                continue;
            products.Remove(instruction.Operands[0]);
            if (operation == "mul.f32")
                products[instruction.Operands[0]] = i;
        }
    }

    private static bool IsReadOnce(IReadOnlyList<PtxInstruction> instructions, int at, string register)
    {
        var reads = 0;
        for (var i = at + 1; i < instructions.Count && reads < 2; i++)
        {
            var operands = instructions[i].Operands;
            for (var operand = IsWrite(instructions[i], register) ? 1 : 0; operand < operands.Count; operand++)
            {
                if (Names(operands[operand], register))
                    reads++;
            }

            if (IsWrite(instructions[i], register))
                break;
        }

        return reads == 1;
    }

    private static bool IsWrite(PtxInstruction instruction, string register) =>
        instruction.Operands.Count > 0 && !instruction.Operation.StartsWith("st.", StringComparison.Ordinal) && instruction.Operands[0] == register;

    /// <summary>Whether an operand is a register or a list that contains it.</summary>
    private static bool Names(string operand, string register) =>
        operand == register || (operand[0] == '{' && operand.Trim('{', '}').Split(',').Any(part => part.Trim() == register));
}
