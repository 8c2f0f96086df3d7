using ModelDsl.Compiled;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Tests.Harness;
using Buffer = ModelDsl.Generator.Loops.Buffer;
using Index = ModelDsl.Generator.Loops.Index;

namespace ModelDsl.Generator.Tests.Oracles;

/// <summary>An element of a buffer from which accesses count.</summary>
internal readonly record struct LoopCursor(Storage Storage, int Position);

/// <summary>What is known while a function of a loop program runs, and the values of its expressions: sixteen floats, or one.</summary>
/// <param name="memory">The memory.</param>
/// <param name="bits">The register width: lanes that are left out are left out by whole registers.</param>
/// <param name="seed">The key of random numbers.</param>
/// <param name="number">The step.</param>
internal sealed class LoopValues(LoopMemory memory, int bits, ulong seed, uint number) : IValueVisitor<float[]>, IIndexVisitor<int>
{
    private const int Lanes = Value.Lanes;

    public Dictionary<IndexVariable, int> Integers { get; } = [];

    public Dictionary<Buffer, LoopCursor> Cursors { get; } = [];

    public Dictionary<Local, float[]> Numbers { get; } = [];

    /// <summary>The registers' worth of lanes that a statement for so many lanes computes.</summary>
    public int LanesOf(int lanes) => (lanes + (bits / 32) - 1) / (bits / 32) * (bits / 32);

    public int Integer(Index index) => index.Accept(this);

    public bool Holds(Condition condition) => LoopScalars.Holds(condition, Integer(condition.Left), Integer(condition.Right));

    public LoopCursor At(Buffer buffer, Index offset)
    {
        var cursor = Cursors[buffer];
        return cursor with { Position = checked(cursor.Position + Integer(offset)) };
    }

    /// <summary>A scalar's value.</summary>
    public float One(Value value)
    {
        Require.That(!value.IsVector, $"{value} is a vector where a number is wanted");
        return value.Accept(this)[0];
    }

    /// <summary>Sixteen values; a scalar that meets a vector is broadcast.</summary>
    public float[] All(Value value)
    {
        var result = value.Accept(this);
        return result.Length == Lanes ? result : Each(_ => result[0]);
    }

    public int Visit(IndexLiteral index) => index.Value;

    public int Visit(IndexVariable index) => Integers[index];

    public int Visit(IndexBinary index) => LoopScalars.Integer(index, Integer(index.Left), Integer(index.Right));

    public float[] Visit(Number value) => [(float)value.Literal];

    public float[] Visit(Variable value) => Numbers[value];

    public float[] Visit(TileElement value) => Numbers[value];

    public float[] Visit(IndexNumber value) => [Integer(value.Index)];

    public float[] Visit(LoadScalar value)
    {
        var source = At(value.Buffer, value.Offset);
        return [memory.Read(source.Storage, source.Position)];
    }

    public float[] Visit(LoadLanes value)
    {
        var (source, count) = (At(value.Buffer, value.Offset), Integer(value.Count));
        return Each(lane => lane < count ? memory.Read(source.Storage, source.Position + (lane * value.Stride)) : 0);
    }

    public float[] Visit(LaneIndex value)
    {
        var start = Integer(value.Start);
        return Each(lane => start + lane);
    }

    public float[] Visit(MaskLanes value)
    {
        var (masked, count) = (All(value.Masked), Integer(value.Count));
        return Each(lane => lane < count ? masked[lane] : (float)value.Fill);
    }

    public float[] Visit(Broadcast value)
    {
        var scalar = One(value.Scalar);
        return Each(_ => scalar);
    }

    public float[] Visit(ReduceLanes value) => [LoopScalars.Reduce(value.Op, All(value.Vector))];

    public float[] Visit(RandomLanes value)
    {
        var (stream, row, block) = ((uint)Integer(value.Stream), (uint)Integer(value.Row), (uint)Integer(value.Block));
        return Each(lane => DropoutRandom.Uniform(seed, number, stream, row, (block * Lanes) + (uint)lane));
    }

    public float[] Visit(MultiplyAdd value)
    {
        memory.Products += value.IsVector ? Lanes : 1;
        return Lift(value.IsVector, [value.A, value.B, value.C], args => MathF.FusedMultiplyAdd(args[0], args[1], args[2]));
    }

    public float[] Visit(Operation value) => Lift(value.IsVector, value.Args, args => LoopScalars.Of(value.Op, args));

    public float[] Visit(RoundedToTf32 value) => throw OfThreads(value);

    public float[] Visit(QuadLane value) => throw OfThreads(value);

    public float[] Visit(Guarded value) => throw OfThreads(value);

    public float[] Visit(RandomNumber value) => throw OfThreads(value);

    private static NotSupportedException OfThreads(Value value) => new($"'{value}' is for threads.");

    private static float[] Each(Func<int, float> lane)
    {
        var result = new float[Lanes];
        for (var i = 0; i < Lanes; i++) result[i] = lane(i);
        return result;
    }

    private float[] Lift(bool isVector, IReadOnlyList<Value> args, Func<float[], float> function)
    {
        var values = new float[args.Count][];
        for (var i = 0; i < values.Length; i++) values[i] = args[i].Accept(this);
        var (at, result) = (new float[values.Length], new float[isVector ? Lanes : 1]);
        for (var lane = 0; lane < result.Length; lane++)
        {
            for (var i = 0; i < at.Length; i++) at[i] = values[i][values[i].Length == 1 ? 0 : lane];
            result[lane] = function(at);
        }

        return result;
    }
}
