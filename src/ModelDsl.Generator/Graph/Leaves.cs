using ModelDsl.Generator.Common;

namespace ModelDsl.Generator.Graph;

/// <summary>A node without operands: an input, or a value that is computed when it is read.</summary>
internal abstract class LeafNode(string name, Shape shape, ElementType type = ElementType.Float) : Node(name, shape, type)
{
    public sealed override IReadOnlyList<Operand> Operands => [];

    public sealed override OperandForm OperandForm => OperandForm.None;

    public sealed override long Flops => 0;

    public sealed override void Verify()
    {
    }

    public sealed override Node With(IReadOnlyList<Operand> operands) => this;
}

/// <summary>A column of the batch: an input, label or target.</summary>
internal sealed class InputNode(string name, Shape shape, ElementType type, int column, int bound) : LeafNode(name, shape, type)
{
    public int Column { get; } = column;

    /// <summary>Exclusive upper bound of integer values.</summary>
    public int Bound { get; } = bound;

    /// <summary>The number of elements that the batch has of a sample. The node reads the first of them.</summary>
    public int SampleLength { get; init; } = shape.Length;

    /// <summary>The label that is ignored, inside the bound or not; null if all count.</summary>
    public int? Ignored { get; init; }

    /// <summary>For labels: the column of token ids and the id of padding, whose positions are ignored; null if all positions count.</summary>
    public (int Column, int Token)? Padding { get; init; }

    /// <summary>Whether these are the positions of consecutive rows of a text. Each is at least that of the row before it.</summary>
    public bool IsPosition { get; init; }

    public override object Attributes => this;

    public override Residence Residence => Residence.Given;

    public override string Describe(NodeText text) =>
        $"column {Column}{(Type == ElementType.Int ? $" of ids below {Bound}" : "")}{(Ignored is { } ignored ? $", {ignored} ignored" : "")}";

    public override T Accept<T>(INodeVisitor<T> visitor) => visitor.Input(this);
}

/// <summary>
/// A value that depends on no generated token, such as the output of an encoder. A session has computed it when it began, from the inputs beside the tokens.
/// </summary>
/// <param name="name">Its name.</param>
/// <param name="shape">Its shape.</param>
/// <param name="offset">The offset of the buffer in the memory of a session, in elements per sample.</param>
internal sealed class EncodedNode(string name, Shape shape, int offset) : LeafNode(name, shape)
{
    public int Offset { get; } = offset;

    public override object Attributes => Offset;

    public override Residence Residence => Residence.Given;

    public override string Describe(NodeText text) => $"encoded at {Offset}";

    public override T Accept<T>(INodeVisitor<T> visitor) => visitor.Encoded(this);
}

/// <summary>The initial values of a parameter; fans and gains are already applied.</summary>
internal sealed record Initializer(string Distribution, double Center, double Scale);

/// <summary>A trainable or frozen parameter. It has the shape of files: a dense weight is [out, in].</summary>
internal class ParameterNode(string name, Shape shape, Initializer initializer, bool frozen, double weightDecay) : LeafNode(name, shape)
{
    public Initializer Initializer { get; } = initializer;

    public bool Frozen { get; } = frozen;

    /// <summary>The layer's own weight decay, or NaN.</summary>
    public double WeightDecay { get; } = weightDecay;

    /// <summary>For a table of which a step updates only the rows that its batch names: the column of token ids. Null for other parameters.</summary>
    public int? SparseIds { get; init; }

    public override object Attributes => this;

    public override Residence Residence => Residence.Given;

    public override string Describe(NodeText text) => Frozen ? "frozen parameter" : "parameter";

    public override T Accept<T>(INodeVisitor<T> visitor) => visitor.Parameter(this);
}

/// <summary>
/// A value that a model keeps from step to step and saves with its parameters, but does not train: running statistics. A read returns the value at the
/// beginning of the step; a root of kind <see cref="RootKind.State"/> is the value after the step. Optimizers ignore it, like a frozen parameter.
/// </summary>
internal sealed class StateNode(string name, Shape shape, Initializer initializer) : ParameterNode(name, shape, initializer, frozen: true, double.NaN)
{
    public override string Describe(NodeText text) => "state";

    public override T Accept<T>(INodeVisitor<T> visitor) => visitor.State(this);
}

/// <summary>
/// Numbers that are known when the model is compiled. They follow the states in the parameter buffer, so that readers and targets handle them like
/// frozen parameters; nothing changes them, and no file contains them.
/// </summary>
internal sealed class ConstantNode(string name, Shape shape, EquatableArray<double> values)
    : ParameterNode(name, shape, new Initializer("Constant", 0, 0), frozen: true, double.NaN)
{
    /// <summary>The elements in row-major order.</summary>
    public EquatableArray<double> Values { get; } = values;

    public override string Describe(NodeText text) => "constant";

    public override T Accept<T>(INodeVisitor<T> visitor) => visitor.Constant(this);
}

/// <summary>1/N, which is known when the step runs.</summary>
internal sealed class InverseBatchNode() : LeafNode("inverseBatch", Shape.Scalar)
{
    public override object Attributes => NoAttributes;

    public override Residence Residence => Residence.Immediate;

    public override string Describe(NodeText text) => "1/N";

    public override T Accept<T>(INodeVisitor<T> visitor) => visitor.InverseBatch(this);
}

/// <summary>Uniform numbers in [0, 1), which depend only on seed, step, stream and logical element. They are computed at each read and never stored.</summary>
internal sealed class RandomNode(string name, Shape shape, int stream) : LeafNode(name, shape)
{
    public int Stream { get; } = stream;

    public override object Attributes => Stream;

    public override Residence Residence => Residence.Immediate;

    public override string Describe(NodeText text) => $"random stream {Stream}";

    public override T Accept<T>(INodeVisitor<T> visitor) => visitor.Random(this);
}
