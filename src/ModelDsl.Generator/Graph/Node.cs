namespace ModelDsl.Generator.Graph;

/// <summary>
/// A value of the graph. Nodes are immutable, refer to their operands directly, and do not depend on layers or targets. Shapes are derived when a
/// node is built.
/// </summary>
/// <remarks>
/// Members that every kind of node must define have no default: they are abstract here, or methods of <see cref="INodeVisitor{T}"/>. A new kind of node
/// does not compile without them.
/// </remarks>
internal abstract class Node(string name, Shape shape, ElementType type = ElementType.Float)
{
    /// <summary>The attributes of kinds whose nodes differ only in their shapes and operands.</summary>
    protected static readonly object NoAttributes = new();

    /// <summary>The name in the generated code, such as <c>dense1</c>; not unique.</summary>
    public string Name { get; } = name;

    public Shape Shape { get; } = shape;

    public ElementType Type { get; } = type;

    public abstract IReadOnlyList<Operand> Operands { get; }

    /// <summary>The indices that the maps of the operands are functions of: the shape, unless the node sums over more axes.</summary>
    public virtual Shape Domain => Shape;

    /// <summary>
    /// The value that distinguishes nodes of the same kind, shape and operands. It is compared with <see cref="object.Equals(object)"/>: nodes with
    /// equal attributes compute the same and are merged. A node that is equal only to itself returns itself.
    /// </summary>
    public abstract object Attributes { get; }

    /// <summary>The form in which the node reads its operands.</summary>
    public abstract OperandForm OperandForm { get; }

    /// <summary>The source of its elements when a kernel reads them.</summary>
    public abstract Residence Residence { get; }

    /// <summary>The number of operations per sample. Every scalar operation counts one; a multiplication with its addition counts two.</summary>
    public abstract long Flops { get; }

    /// <summary>Returns what the node computes, as text for the graph printer.</summary>
    public abstract string Describe(NodeText text);

    /// <summary>Checks the conditions for nodes of its kind.</summary>
    /// <exception cref="InvalidGraphException">A condition is violated.</exception>
    public abstract void Verify();

    /// <summary>Returns the same operation on other operands, for passes that have changed the operands.</summary>
    public abstract Node With(IReadOnlyList<Operand> operands);

    public abstract T Accept<T>(INodeVisitor<T> visitor);
}

/// <summary>The form in which a node reads its operands.</summary>
internal enum OperandForm
{
    /// <summary>The node has no operands.</summary>
    None,

    /// <summary>The node passes on the elements of its operand at other coordinates, so it needs what its reader needs.</summary>
    Alias,

    /// <summary>As values of an expression: elements in memory, literals, 1/N, random numbers.</summary>
    Expression,

    /// <summary>As elements in memory only.</summary>
    Memory,
}

/// <summary>The source of a node's elements when a kernel reads them.</summary>
internal enum Residence
{
    /// <summary>A column of the batch, a parameter or a state: in memory before the step begins.</summary>
    Given,

    /// <summary>A kernel computes them.</summary>
    Computed,

    /// <summary>The elements of another node at other coordinates; no kernel computes them.</summary>
    Alias,

    /// <summary>Never in memory: 1/N, and random numbers.</summary>
    Immediate,
}

/// <summary>A node read through a map from the indices of the reader's domain to the node's coordinates.</summary>
internal readonly record struct Operand(Node Node, IndexMap Map)
{
    /// <summary>The node's axes are the first of the domain: element by element, or one value per row.</summary>
    public static Operand Whole(Node node) => new(node, IndexMap.Identity(node.Shape.Rank));

    /// <summary>The node's axes are the last of a domain of the given rank: a bias or a scale.</summary>
    public static Operand Trailing(Node node, int rank) =>
        new(node, IndexMap.Project([.. Enumerable.Range(rank - node.Shape.Rank, node.Shape.Rank)]));
}
