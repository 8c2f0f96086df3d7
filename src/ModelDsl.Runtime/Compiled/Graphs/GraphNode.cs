using System.ComponentModel;

namespace ModelDsl.Compiled;

/// <summary>A value of a graph.</summary>
/// <param name="Kind">The operation.</param>
/// <param name="Name">The name of the layer that computes the value; not unique. For parameters, the name in files.</param>
/// <param name="Shape">The shape; −1 is the number of samples, which is always the first axis.</param>
/// <param name="Operands">The operands.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record GraphNode(GraphNodeKind Kind, string Name, int[] Shape, GraphOperand[] Operands)
{
    /// <summary>Whether the elements are integers. Other elements are floats.</summary>
    public bool IsInteger { get; init; }

    /// <summary>The extents of the indices that the operands are read with: the shape, unless the node combines several terms into an element.</summary>
    public int[] Domain { get; init; } = Shape;

    /// <summary>For contractions and reductions: the coordinates of the element that a term belongs to.</summary>
    public GraphCoordinate[] Output { get; init; } = [];

    /// <summary>For maps and reductions: the expression of an element or of a term. The last instruction is the result.</summary>
    public GraphScalar[] Body { get; init; } = [];

    /// <summary>For reductions: how terms are combined.</summary>
    public GraphReduction Reduction { get; init; }

    /// <summary>For concatenations: the axis.</summary>
    public int Axis { get; init; }

    /// <summary>For pads: the coordinates of the operand's first element.</summary>
    public int[] Start { get; init; } = [];

    /// <summary>For inputs: the column. For constants: the index in the description of the model, or −1. For values of a loop's body: the operand. For results of a loop: their index.</summary>
    public int Number { get; init; }

    /// <summary>For constants that the description of the model does not have: the elements in row-major order.</summary>
    public float[] Values { get; init; } = [];

    /// <summary>For loops: the computation.</summary>
    public GraphLoop? Loop { get; init; }

    /// <summary>For results of a loop: which values they are.</summary>
    public GraphLoopResult Result { get; init; }
}

/// <summary>A node that another one reads.</summary>
/// <param name="Node">The index of the node in the graph.</param>
/// <param name="Map">The coordinates of the element that is read; null if they are the first indices of the reader's domain.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record GraphOperand(int Node, GraphCoordinate[]? Map = null);

/// <summary>A coordinate as a linear function of the indices of a domain: <c>Offset + Σ Scale · index[Axis]</c>.</summary>
/// <param name="Offset">The constant.</param>
/// <param name="Terms">The terms.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record GraphCoordinate(int Offset, GraphTerm[] Terms);

/// <summary>A term of a coordinate.</summary>
/// <param name="Axis">The axis of the domain.</param>
/// <param name="Scale">The factor of its index.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct GraphTerm(int Axis, int Scale);

/// <summary>The operation of a node.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum GraphNodeKind
{
    /// <summary>A column of the batch.</summary>
    Input,

    /// <summary>A parameter, in its logical shape.</summary>
    Parameter,

    /// <summary>A value that training steps change without gradients, such as running statistics.</summary>
    State,

    /// <summary>Numbers that are known when the model is compiled.</summary>
    Constant,

    /// <summary>1 divided by the number of samples.</summary>
    InverseBatch,

    /// <summary>Uniform random numbers in [0, 1).</summary>
    Random,

    /// <summary>Every element is an expression of the operands.</summary>
    Map,

    /// <summary>
    /// For every index j of the domain: <c>out[Output(j)] += a[…] · b[…]</c>. Terms with a coordinate out of bounds are skipped; elements without terms are 0.
    /// </summary>
    Contract,

    /// <summary>Terms over the domain, combined into <c>out[Output(j)]</c>. Terms with a coordinate out of bounds are skipped.</summary>
    Reduce,

    /// <summary><c>log Σ exp x</c> over the last axis, which is removed.</summary>
    LogSumExp,

    /// <summary>The elements of the operand at other coordinates.</summary>
    View,

    /// <summary>The elements of the operand in row-major order in another shape.</summary>
    Reshape,

    /// <summary>The operands concatenated along an axis.</summary>
    Concat,

    /// <summary>The operand in a larger tensor of zeros.</summary>
    Pad,

    /// <summary>The rows of the first operand that the second names.</summary>
    Gather,

    /// <summary>The rows of the second operand added to the rows that the first names.</summary>
    ScatterAdd,

    /// <summary>The operand, as a constant for differentiation.</summary>
    StopGradient,

    /// <summary>A value that a step of a loop is given.</summary>
    LoopValue,

    /// <summary>A loop over time, which has no value itself.</summary>
    Loop,

    /// <summary>A result of a loop.</summary>
    LoopResult,
}

/// <summary>How a reduction combines its terms.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum GraphReduction
{
    /// <summary>The sum; 0 without terms.</summary>
    Sum,

    /// <summary>The maximum; −∞ without terms.</summary>
    Max,

    /// <summary>The row-major index of the first term that is equal to the maximum.</summary>
    ArgMax,
}

/// <summary>The kinds of results of a loop.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum GraphLoopResult
{
    /// <summary>The initial value of a carried value and its value after each step, in the order of time.</summary>
    History,

    /// <summary>An output of each step, in the order of time.</summary>
    Output,

    /// <summary>The sum of a value over the steps.</summary>
    Total,
}
