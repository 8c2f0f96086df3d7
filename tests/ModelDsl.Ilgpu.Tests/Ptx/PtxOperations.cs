using System.Globalization;
using System.Runtime.InteropServices;

namespace ModelDsl.Ilgpu.Tests.Ptx;

/// <summary>What each instruction does, by the PTX ISA. An instruction that is not known is an error.</summary>
internal sealed class PtxOperations(PtxProgram program, PtxMachine machine)
{
    private static readonly string[] Special = ["%tid.x", "%ntid.x", "%ctaid.x", "%nctaid.x", "%laneid"];

    private readonly Dictionary<string, int> registers = Special.Select((name, i) => (name, i)).ToDictionary(pair => pair.name, pair => pair.i);

    /// <summary>A thread at the beginning of the kernel.</summary>
    public PtxThread NewThread(int thread, int threads, int group, int groups) => new(registers.Count, program.LocalBytes)
    {
        [0] = (ulong)thread,
        [1] = (ulong)threads,
        [2] = (ulong)group,
        [3] = (ulong)groups,
        [4] = (ulong)(thread % 32),
    };

    /// <summary>An instruction as what it does to a thread.</summary>
    public Action<PtxThread> Compile(PtxInstruction instruction)
    {
        var action = Action(instruction);
        if (instruction.Predicate.Length == 0)
            return action;
        var predicate = Register(instruction.Predicate);
        var wanted = instruction.IsNegated ? 0UL : 1UL;
        return thread =>
        {
            if (thread[predicate] == wanted)
                action(thread);
        };
    }

    private Action<PtxThread> Action(PtxInstruction instruction)
    {
        var parts = instruction.Operation.Split('.');
        var type = parts[^1];
        switch (parts[0])
        {
            case "bra":
                var target = program.Labels[instruction.Operands[0]];
                return thread => thread.Next = target;
            case "ret" or "exit":
                return thread => thread.State = PtxState.Ended;
            case "bar":
                return thread => thread.State = PtxState.AtBarrier;
            case "ld" when parts[1] == "param":
                return LoadParameter(instruction, Bytes(type));
            case "ld":
                return Load(instruction, Bytes(type));
            case "st":
                return Store(instruction, Bytes(type));
            case "mma":
                return Multiply(instruction);
            case "cvta":
                return Unary(instruction, value => value);
            case "cvt":
                return Unary(instruction, PtxScalars.Convert(parts));
            case "setp":
                return Binary(instruction, PtxScalars.Compare(parts[1], type));
            case "selp":
                return Ternary(instruction, (a, b, predicate) => predicate == 1 ? a : b);
            case "fma" or "mad":
                return Ternary(instruction, PtxScalars.Ternary(instruction.Operation));
            default:
                return instruction.Operands.Count switch
                {
                    2 => Unary(instruction, PtxScalars.Unary(instruction.Operation)),
                    3 => Binary(instruction, PtxScalars.Binary(instruction.Operation)),
                    _ => throw new NotSupportedException(instruction.ToString()),
                };
        }
    }

    private Action<PtxThread> Unary(PtxInstruction instruction, Func<ulong, ulong> operation)
    {
        var (to, a) = (Register(instruction.Operands[0]), Source(instruction.Operands[1]));
        return thread => thread[to] = operation(a(thread));
    }

    private Action<PtxThread> Binary(PtxInstruction instruction, Func<ulong, ulong, ulong> operation)
    {
        var (to, a, b) = (Register(instruction.Operands[0]), Source(instruction.Operands[1]), Source(instruction.Operands[2]));
        return thread => thread[to] = operation(a(thread), b(thread));
    }

    private Action<PtxThread> Ternary(PtxInstruction instruction, Func<ulong, ulong, ulong, ulong> operation)
    {
        var (to, a, b, c) = (Register(instruction.Operands[0]), Source(instruction.Operands[1]), Source(instruction.Operands[2]), Source(instruction.Operands[3]));
        return thread => thread[to] = operation(a(thread), b(thread), c(thread));
    }

    private Action<PtxThread> LoadParameter(PtxInstruction instruction, int bytes)
    {
        var to = Register(instruction.Operands[0]);
        var place = instruction.Operands[1].Trim('[', ']').Split('+');
        var offset = program.Parameters[place[0].Trim()] + (place.Length > 1 ? int.Parse(place[1], CultureInfo.InvariantCulture) : 0);
        return thread => thread[to] = Value(machine.Argument(offset, bytes));
    }

    private Action<PtxThread> Load(PtxInstruction instruction, int bytes)
    {
        var (to, address) = (List(instruction.Operands[0]).Select(Register).ToArray(), Address(instruction.Operands[1]));
        return thread =>
        {
            var memory = machine.Memory(thread, address(thread), bytes * to.Length, isStore: false);
            for (var i = 0; i < to.Length; i++)
                thread[to[i]] = Value(memory.Slice(i * bytes, bytes));
        };
    }

    private Action<PtxThread> Store(PtxInstruction instruction, int bytes)
    {
        var (address, from) = (Address(instruction.Operands[0]), List(instruction.Operands[1]).Select(Source).ToArray());
        return thread =>
        {
            var memory = machine.Memory(thread, address(thread), bytes * from.Length, isStore: true);
            for (var i = 0; i < from.Length; i++)
            {
                var value = from[i](thread);
                MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref value, 1))[..bytes].CopyTo(memory[(i * bytes)..]);
            }
        };
    }

    private Action<PtxThread> Multiply(PtxInstruction instruction)
    {
        var to = List(instruction.Operands[0]).Select(Register).ToArray();
        Func<PtxThread, ulong>[][] from = [.. instruction.Operands.Skip(1).Select(operand => List(operand).Select(Source).ToArray())];
        return thread =>
        {
            thread.State = PtxState.InWarp;
            thread.Together = warp =>
            {
                uint[][] Fragment(int operand) => [.. warp.Select(lane => from[operand].Select(source => (uint)source(lane)).ToArray())];
                var results = MatrixMultiply.Run(instruction.Operation, Fragment(0), Fragment(1), Fragment(2));
                for (var lane = 0; lane < warp.Length; lane++)
                {
                    for (var i = 0; i < to.Length; i++)
                        warp[lane][to[i]] = results[lane][i];
                }
            };
        };
    }

    private Func<PtxThread, ulong> Address(string operand)
    {
        var place = operand.Trim('[', ']').Split('+');
        var from = Source(place[0].Trim());
        var offset = place.Length > 1 ? (ulong)long.Parse(place[1], CultureInfo.InvariantCulture) : 0;
        return thread => from(thread) + offset;
    }

    private Func<PtxThread, ulong> Source(string operand)
    {
        if (operand.StartsWith("0f", StringComparison.OrdinalIgnoreCase))
            return Constant(ulong.Parse(operand[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        if (char.IsAsciiDigit(operand[0]) || operand[0] == '-')
            return Constant(operand[0] == '-' ? (ulong)long.Parse(operand, CultureInfo.InvariantCulture) : ulong.Parse(operand, CultureInfo.InvariantCulture));
        if (program.Shared.TryGetValue(operand, out var offset))
            return Constant(PtxMachine.AddressOf(offset));
        if (program.Local.TryGetValue(operand, out var own))
            return Constant(PtxMachine.AddressOfLocal(own));
        var register = Register(operand);
        return thread => thread[register];

        static Func<PtxThread, ulong> Constant(ulong value) => _ => value;
    }

    private int Register(string name)
    {
        if (!registers.TryGetValue(name, out var number))
            registers[name] = number = registers.Count;
        return number;
    }

    private static string[] List(string operand) => [.. operand.Trim('{', '}').Split(',').Select(part => part.Trim())];

    private static int Bytes(string type) => int.Parse(type[1..], CultureInfo.InvariantCulture) / 8;

    private static ulong Value(ReadOnlySpan<byte> bytes)
    {
        var value = 0UL;
        bytes.CopyTo(MemoryMarshal.AsBytes(MemoryMarshal.CreateSpan(ref value, 1)));
        return value;
    }
}
