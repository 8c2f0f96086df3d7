using ModelDsl.Compiled;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Scalars;
using ModelDsl.Generator.Tests.Harness;
using Index = ModelDsl.Generator.Loops.Index;

namespace ModelDsl.Generator.Tests.Oracles;

/// <summary>A place in a buffer from which accesses count.</summary>
internal readonly record struct LoopCursor(Storage Storage, int Position);

/// <summary>What has names while a function of a loop program runs, and the values of its expressions: sixteen floats, or one.</summary>
/// <param name="memory">The memory.</param>
/// <param name="bits">The register width: lanes that are left out are left out by whole registers.</param>
/// <param name="seed">The key of random numbers.</param>
/// <param name="number">The step.</param>
internal sealed class LoopValues(LoopMemory memory, int bits, ulong seed, uint number)
{
    private const int Lanes = Value.Lanes;

    public Dictionary<string, int> Integers { get; } = [];

    public Dictionary<string, LoopCursor> Cursors { get; } = [];

    public Dictionary<string, float[]> Numbers { get; } = [];

    /// <summary>The registers' worth of lanes that a statement for so many lanes computes.</summary>
    public int LanesOf(int lanes) => (lanes + (bits / 32) - 1) / (bits / 32) * (bits / 32);

    public int Integer(Index index)
    {
        switch (index)
        {
            case IndexLiteral literal: return literal.Value;
            case IndexVariable variable: return Integers[variable.Name];
            case IndexBinary binary:
                var (a, b) = (Integer(binary.Left), Integer(binary.Right));
                if (binary.Operator is '/' or '%') Require.That(a >= 0 && b > 0, $"{binary} divides {a} by {b}");
                return binary.Operator switch
                {
                    '+' => checked(a + b),
                    '-' => checked(a - b),
                    '*' => checked(a * b),
                    '/' => a / b,
                    '%' => a % b,
                    '<' => a < b ? a : b,
                    '>' => a > b ? a : b,
                    _ => throw new NotSupportedException(binary.ToString()),
                };
            default: throw new NotSupportedException(index.ToString());
        }
    }

    public LoopCursor At(string buffer, Index offset)
    {
        var cursor = Cursors[buffer];
        return cursor with { Position = checked(cursor.Position + Integer(offset)) };
    }

    /// <summary>A scalar's value.</summary>
    public float One(Value value)
    {
        Require.That(!value.IsVector, $"{value} is a vector where a number is wanted");
        return Of(value)[0];
    }

    /// <summary>Sixteen values; a scalar meeting a vector is spread.</summary>
    public float[] All(Value value)
    {
        var result = Of(value);
        return result.Length == Lanes ? result : Each(_ => result[0]);
    }

    /// <summary>The value: sixteen numbers when it is a vector, one otherwise.</summary>
    public float[] Of(Value value)
    {
        switch (value)
        {
            case Number constant: return [(float)constant.Literal];
            case Variable variable: return Numbers[variable.Name];
            case IndexNumber index: return [Integer(index.Index)];
            case LoadScalar load:
                var from = At(load.Buffer, load.Offset);
                return [memory.Read(from.Storage, from.Position)];
            case LoadLanes load:
                var (start, count) = (At(load.Buffer, load.Offset), Integer(load.Count));
                return Each(lane => lane < count ? memory.Read(start.Storage, start.Position + (lane * load.Stride)) : 0);
            case LaneIndex index:
                var first = Integer(index.Start);
                return Each(lane => first + lane);
            case KeepLanes keep:
                var (kept, valid) = (All(keep.Kept), Integer(keep.Count));
                return Each(lane => lane < valid ? kept[lane] : (float)keep.Fill);
            case Spread spread:
                var scalar = One(spread.Scalar);
                return Each(_ => scalar);
            case CombineLanes combine: return [Combine(combine.Op, All(combine.Combined))];
            case RandomLanes random:
                var (stream, row, block) = ((uint)Integer(random.Stream), (uint)Integer(random.Row), (uint)Integer(random.Block));
                return Each(lane => DropoutRandom.Uniform(seed, number, stream, row, (block * Lanes) + (uint)lane));
            case MultiplyAdd add: return Lift(value.IsVector, [add.A, add.B, add.C], args => MathF.FusedMultiplyAdd(args[0], args[1], args[2]));
            case Operation operation: return Lift(value.IsVector, operation.Args, args => Scalar(operation.Op, args));
            default: throw new NotSupportedException(value.ToString());
        }
    }

    private static float[] Each(Func<int, float> lane)
    {
        var result = new float[Lanes];
        for (var i = 0; i < Lanes; i++) result[i] = lane(i);
        return result;
    }

    private float[] Lift(bool isVector, IReadOnlyList<Value> args, Func<float[], float> function)
    {
        var values = new float[args.Count][];
        for (var i = 0; i < values.Length; i++) values[i] = Of(args[i]);
        var (at, result) = (new float[values.Length], new float[isVector ? Lanes : 1]);
        for (var lane = 0; lane < result.Length; lane++)
        {
            for (var i = 0; i < at.Length; i++) at[i] = values[i][values[i].Length == 1 ? 0 : lane];
            result[lane] = function(at);
        }

        return result;
    }

    private static float Combine(ReduceOp op, float[] lanes)
    {
        var values = lanes.ToArray();
        for (var half = Lanes / 2; half > 0; half /= 2)
        {
            for (var lane = 0; lane < half; lane++)
            {
                values[lane] = op == ReduceOp.Sum ? values[lane] + values[lane + half] : MathF.Max(values[lane], values[lane + half]);
            }
        }

        return values[0];
    }

    /// <summary>Conditions are 1 and 0.</summary>
    private static float Scalar(ScalarOp op, float[] x) => op switch
    {
        ScalarOp.Negate => -x[0],
        ScalarOp.Add => x[0] + x[1],
        ScalarOp.Subtract => x[0] - x[1],
        ScalarOp.Multiply => x[0] * x[1],
        ScalarOp.Divide => x[0] / x[1],
        ScalarOp.Abs => MathF.Abs(x[0]),
        ScalarOp.Sqrt => MathF.Sqrt(x[0]),
        ScalarOp.Exp => MathF.Exp(x[0]),
        ScalarOp.Log => MathF.Log(x[0]),
        ScalarOp.Sin => MathF.Sin(x[0]),
        ScalarOp.Cos => MathF.Cos(x[0]),
        ScalarOp.Tanh => MathF.Tanh(x[0]),
        ScalarOp.Sigmoid => 1 / (1 + MathF.Exp(-x[0])),
        ScalarOp.Softplus => x[0] > 0 ? x[0] + (float)Math.Log(1 + Math.Exp(-x[0])) : (float)Math.Log(1 + Math.Exp(x[0])),
        ScalarOp.Erf => Erf(x[0]),
        ScalarOp.Floor => MathF.Floor(x[0]),
        ScalarOp.Ceiling => MathF.Ceiling(x[0]),
        ScalarOp.Round => MathF.Round(x[0]),
        ScalarOp.Sign => x[0] > 0 ? 1 : x[0] < 0 ? -1 : x[0],
        ScalarOp.Minimum => MathF.Min(x[0], x[1]),
        ScalarOp.Maximum => MathF.Max(x[0], x[1]),
        ScalarOp.Power => MathF.Pow(x[0], x[1]),
        ScalarOp.Less => x[0] < x[1] ? 1 : 0,
        ScalarOp.LessOrEqual => x[0] <= x[1] ? 1 : 0,
        ScalarOp.Equal => x[0] == x[1] ? 1 : 0,
        ScalarOp.And => x[0] != 0 && x[1] != 0 ? 1 : 0,
        ScalarOp.Or => x[0] != 0 || x[1] != 0 ? 1 : 0,
        ScalarOp.Not => x[0] == 0 ? 1 : 0,
        ScalarOp.Select => x[0] != 0 ? x[1] : x[2],
        _ => throw new NotSupportedException(op.ToString()),
    };

    // The series of erf, which converges everywhere; beyond 4 the result is 1 to the last place of a float.
    private static float Erf(double x)
    {
        if (Math.Abs(x) > 4) return Math.Sign(x);
        var (term, sum) = (x, x);
        for (var k = 1; k < 100; k++)
        {
            term *= -x * x / k;
            sum += term / ((2 * k) + 1);
        }

        return (float)(2 / Math.Sqrt(Math.PI) * sum);
    }
}
