using ModelDsl.Generator.Common;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Graph;

/// <summary>
/// A value of the graph. Nodes are immutable, refer to their operands directly and know neither layers nor targets. Shapes are derived where a
/// node is built.
/// </summary>
internal abstract class Node(string name, Shape shape, ElementType type = ElementType.Float)
{
    /// <summary>What a reader of the generated code sees, such as <c>dense1</c>; not unique.</summary>
    public string Name { get; } = name;

    public Shape Shape { get; } = shape;

    public ElementType Type { get; } = type;

    public virtual IReadOnlyList<Operand> Operands => [];

    /// <summary>The indices the operands' maps are functions of: the shape, except where a node sums over more.</summary>
    public virtual Shape Domain => Shape;

    /// <summary>The same operation on other operands: what a pass builds when something below has changed.</summary>
    public virtual Node With(IReadOnlyList<Operand> operands) => this;
}

/// <summary>A node read through a map from the indices of the reader's domain to the node's coordinates.</summary>
internal readonly record struct Operand(Node Node, IndexMap Map)
{
    /// <summary>The node's axes are the first of the domain: element by element, or one value per row.</summary>
    public static Operand Whole(Node node) => new(node, IndexMap.Identity(node.Shape.Rank));

    /// <summary>The node's axes are the last of a domain of the given rank: a bias, a gain.</summary>
    public static Operand Trailing(Node node, int rank) =>
        new(node, IndexMap.Project([.. Enumerable.Range(rank - node.Shape.Rank, node.Shape.Rank)]));
}

/// <summary>A column of the batch: an input, label or target.</summary>
internal sealed class InputNode(string name, Shape shape, ElementType type, int column, int bound) : Node(name, shape, type)
{
    public int Column { get; } = column;

    /// <summary>Exclusive upper bound of integer values.</summary>
    public int Bound { get; } = bound;

    /// <summary>A label that does not count, inside the bound or not; null where all count.</summary>
    public int? Ignored { get; init; }

    /// <summary>Of labels: the token ids whose padding takes its positions out, and which id that is; null where all positions count.</summary>
    public (int Column, int Token)? Padding { get; init; }
}

/// <summary>How fresh parameters are filled, fans and gains worked out.</summary>
internal sealed record Initializer(string Distribution, double Center, double Spread);

/// <summary>A trainable (or frozen) parameter. Its shape is that of files: a dense weight is [out, in].</summary>
internal class ParameterNode(string name, Shape shape, Initializer initializer, bool frozen, double weightDecay) : Node(name, shape)
{
    public Initializer Initializer { get; } = initializer;

    public bool Frozen { get; } = frozen;

    /// <summary>The layer's own weight decay, or NaN.</summary>
    public double WeightDecay { get; } = weightDecay;
}

/// <summary>
/// A value that a model keeps from step to step and saves beside its parameters, but does not learn: running statistics. Reading it gives what it was
/// when the step began; a root of kind <see cref="RootKind.State"/> says what it is afterwards. Optimizers see as little of it as of a frozen parameter.
/// </summary>
internal sealed class StateNode(string name, Shape shape, Initializer initializer) : ParameterNode(name, shape, initializer, frozen: true, double.NaN);

/// <summary>
/// Numbers that are known when the model is compiled. They lie behind the states in the parameters' buffer, so that every reader and every target finds them as
/// it finds a frozen parameter; nobody changes them, and no file holds them.
/// </summary>
internal sealed class ConstantNode(string name, Shape shape, EquatableArray<double> values)
    : ParameterNode(name, shape, new Initializer("Constant", 0, 0), frozen: true, double.NaN)
{
    /// <summary>The elements in row-major order.</summary>
    public EquatableArray<double> Values { get; } = values;
}

/// <summary>1/N: known when the step runs.</summary>
internal sealed class InverseBatchNode() : Node("inverseBatch", Shape.Scalar);

/// <summary>Uniform numbers in [0, 1), the same for the same seed, step, stream and logical element. Recomputed wherever read, never stored.</summary>
internal sealed class RandomNode(string name, Shape shape, int stream) : Node(name, shape)
{
    public int Stream { get; } = stream;
}

/// <summary>Pointwise: every element of the domain (the shape) is <paramref name="body"/> over the operands, leaf i being operand i.</summary>
internal sealed class MapNode(string name, Shape shape, Expr body, params Operand[] operands) : Node(name, shape)
{
    public Expr Body { get; } = body;

    public override IReadOnlyList<Operand> Operands { get; } = operands;

    public override Node With(IReadOnlyList<Operand> operands) => new MapNode(Name, Shape, Body, [.. operands]);
}

/// <summary>
/// For every index j of the domain: <c>out[ω(j)] += A[α(j)] · B[β(j)]</c>. Terms with a coordinate out of bounds are dropped; untouched outputs are 0.
/// The three maps are symmetric, so a gradient only permutes roles.
/// </summary>
internal sealed class ContractNode(string name, Shape shape, Shape domain, IndexMap output, Operand a, Operand b) : Node(name, shape)
{
    public override Shape Domain { get; } = domain;

    public IndexMap Output { get; } = output;

    public Operand A => Operands[0];

    public Operand B => Operands[1];

    public override IReadOnlyList<Operand> Operands { get; } = [a, b];

    public override Node With(IReadOnlyList<Operand> operands) => new ContractNode(Name, Shape, Domain, Output, operands[0], operands[1]);

    /// <summary>The same contraction over another domain.</summary>
    /// <param name="domain">That domain.</param>
    /// <param name="output">The result's coordinates as functions of its indices.</param>
    /// <param name="over">The indices of this domain as functions of its.</param>
    public ContractNode Over(Shape domain, IndexMap output, IndexMap over)
    {
        Operand Of(Operand operand) => operand with { Map = operand.Map.After(over) };
        return new ContractNode(Name, Shape, domain, output, Of(A), Of(B));
    }
}

internal enum ReduceOp
{
    Sum,
    Max,
}

/// <summary>Combines <paramref name="body"/> over the domain into <c>out[ω(j)]</c>. Out of bounds is 0 for a sum and −∞ for a maximum; NaN wins.</summary>
internal sealed class ReduceNode(string name, Shape shape, ReduceOp op, Shape domain, IndexMap output, Expr body, params Operand[] operands)
    : Node(name, shape)
{
    public ReduceOp Op { get; } = op;

    public override Shape Domain { get; } = domain;

    public IndexMap Output { get; } = output;

    public Expr Body { get; } = body;

    public override IReadOnlyList<Operand> Operands { get; } = operands;

    public override Node With(IReadOnlyList<Operand> operands) => new ReduceNode(Name, Shape, Op, Domain, Output, Body, [.. operands]);
}

/// <summary>log Σ exp(x) over the last axis, which is dropped; stable, with gradient <c>dy · exp(x − lse)</c>. Expanded into maximum, sum and log
/// after differentiation.</summary>
internal sealed class LogSumExpNode(string name, Shape shape, Node input) : Node(name, shape)
{
    public override Shape Domain => Operands[0].Node.Shape;

    public override IReadOnlyList<Operand> Operands { get; } = [Operand.Whole(input)];

    public override Node With(IReadOnlyList<Operand> operands) => new LogSumExpNode(Name, Shape, operands[0].Node);
}

/// <summary>The operand's elements under other coordinates: permute, slice, flip, broadcast. Never a copy.</summary>
internal sealed class ViewNode(string name, Shape shape, Operand input) : Node(name, shape, input.Node.Type)
{
    public override IReadOnlyList<Operand> Operands { get; } = [input];

    public override Node With(IReadOnlyList<Operand> operands) => new ViewNode(Name, Shape, operands[0]);
}

/// <summary>The operand's elements in row-major order under another shape. The batch axis stays.</summary>
internal sealed class ReshapeNode(string name, Shape shape, Node input) : Node(name, shape, input.Type)
{
    public override IReadOnlyList<Operand> Operands { get; } = [Operand.Whole(input)];

    public override Node With(IReadOnlyList<Operand> operands) => new ReshapeNode(Name, Shape, operands[0].Node);
}

/// <summary>The operands side by side along an axis.</summary>
internal sealed class ConcatNode(string name, Shape shape, int axis, params Node[] parts) : Node(name, shape)
{
    public int Axis { get; } = axis;

    public override IReadOnlyList<Operand> Operands { get; } = [.. parts.Select(Operand.Whole)];

    public override Node With(IReadOnlyList<Operand> operands) => new ConcatNode(Name, Shape, Axis, [.. operands.Select(part => part.Node)]);
}

/// <summary>The operand placed at <paramref name="start"/> in a larger tensor of zeros: the gradient of a slice.</summary>
internal sealed class PadNode(string name, Shape shape, IReadOnlyList<int> start, Node input) : Node(name, shape)
{
    public IReadOnlyList<int> Start { get; } = start;

    public override IReadOnlyList<Operand> Operands { get; } = [Operand.Whole(input)];

    public override Node With(IReadOnlyList<Operand> operands) => new PadNode(Name, Shape, Start, operands[0].Node);
}

/// <summary>Rows of a table: <c>out[…, c] = table[ids[…], c]</c>.</summary>
internal sealed class GatherNode(string name, Shape shape, Node table, Node ids) : Node(name, shape)
{
    public Node Table => Operands[0].Node;

    public Node Ids => Operands[1].Node;

    public override IReadOnlyList<Operand> Operands { get; } = [Operand.Whole(table), Operand.Whole(ids)];

    public override Node With(IReadOnlyList<Operand> operands) => new GatherNode(Name, Shape, operands[0].Node, operands[1].Node);
}

/// <summary>The gradient of a gather: <c>out[ids[…], c] += source[…, c]</c>, positions in ascending order.</summary>
internal sealed class ScatterAddNode(string name, Shape shape, Node ids, Node source) : Node(name, shape)
{
    public Node Ids => Operands[0].Node;

    public Node Source => Operands[1].Node;

    public override IReadOnlyList<Operand> Operands { get; } = [Operand.Whole(ids), Operand.Whole(source)];

    public override Node With(IReadOnlyList<Operand> operands) => new ScatterAddNode(Name, Shape, operands[0].Node, operands[1].Node);
}

/// <summary>The operand, seen by differentiation as a constant.</summary>
internal sealed class StopGradientNode(Node input) : Node(input.Name, input.Shape)
{
    public override IReadOnlyList<Operand> Operands { get; } = [Operand.Whole(input)];

    public override Node With(IReadOnlyList<Operand> operands) => new StopGradientNode(operands[0].Node);
}
