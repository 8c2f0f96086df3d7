namespace ModelDsl.Generator.Graph;

/// <summary>
/// A value of the graph. Nodes are immutable, refer to their operands directly and know neither layers nor targets. Shapes are derived where a
/// node is built.
/// </summary>
/// <remarks>
/// What passes ask of every kind of node has no default: a member that is abstract here, or a method of <see cref="INodeVisitor{T}"/>. A new kind of node
/// compiles when it has answered all of them.
/// </remarks>
internal abstract class Node(string name, Shape shape, ElementType type = ElementType.Float)
{
    /// <summary>For kinds whose nodes differ in their shapes and operands alone.</summary>
    protected static readonly object NoAttributes = new();

    /// <summary>What a reader of the generated code sees, such as <c>dense1</c>; not unique.</summary>
    public string Name { get; } = name;

    public Shape Shape { get; } = shape;

    public ElementType Type { get; } = type;

    public abstract IReadOnlyList<Operand> Operands { get; }

    /// <summary>The indices the operands' maps are functions of: the shape, except where a node sums over more.</summary>
    public virtual Shape Domain => Shape;

    /// <summary>
    /// What tells two nodes of one kind, shape and operands apart, as a value that is compared with <see cref="object.Equals(object)"/>: nodes whose
    /// attributes are equal compute the same and become one. A node that is only equal to itself gives itself.
    /// </summary>
    public abstract object Attributes { get; }

    /// <summary>The form in which it reads its operands.</summary>
    public abstract OperandForm OperandForm { get; }

    /// <summary>Where its elements come from when a kernel reads them.</summary>
    public abstract Residence Residence { get; }

    /// <summary>Arithmetic per sample. Every scalar operation counts one, a multiplication with its addition two.</summary>
    public abstract long Flops { get; }

    /// <summary>What it computes, as the printer of graphs shows it.</summary>
    public abstract string Describe(NodeText text);

    /// <summary>Checks what holds of nodes of its kind.</summary>
    /// <exception cref="InvalidGraphException">It does not hold.</exception>
    public abstract void Verify();

    /// <summary>The same operation on other operands: what a pass builds when something below has changed.</summary>
    public abstract Node With(IReadOnlyList<Operand> operands);

    public abstract T Accept<T>(INodeVisitor<T> visitor);
}

/// <summary>The form in which a node reads its operands.</summary>
internal enum OperandForm
{
    /// <summary>It has none.</summary>
    None,

    /// <summary>It passes their elements on under other coordinates: what its own reader needs, it needs.</summary>
    Alias,

    /// <summary>As values of an expression: elements in memory, literals, 1/N, numbers that are drawn where they are read.</summary>
    Expression,

    /// <summary>As elements in memory only.</summary>
    Memory,
}

/// <summary>Where the elements of a node come from when a kernel reads them.</summary>
internal enum Residence
{
    /// <summary>A column of the batch, a parameter or a state: in memory before the step begins.</summary>
    Given,

    /// <summary>A kernel computes them.</summary>
    Computed,

    /// <summary>Another node's elements under other coordinates: never a kernel's work.</summary>
    Alias,

    /// <summary>Never in memory: 1/N, numbers drawn where they are read.</summary>
    Immediate,
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
