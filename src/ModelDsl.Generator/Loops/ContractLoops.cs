using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Loops;

/// <summary>
/// The iterations of a contraction: each multiplies an element of A with one of B and adds the product to an element of the result. A schedule may change them, for example to
/// iterate over windows and the elements in each, while the node of the graph stays as it is.
/// </summary>
/// <param name="Name">The name of the contraction, for error messages.</param>
/// <param name="Result">The shape of the result.</param>
/// <param name="Domain">The extents of the indices.</param>
/// <param name="Output">The coordinates of the result as functions of the indices.</param>
/// <param name="A">The first factor, read at coordinates that are functions of the indices.</param>
/// <param name="B">The second factor.</param>
internal sealed record ContractLoops(string Name, Shape Result, Shape Domain, IndexMap Output, Operand A, Operand B)
{
    /// <summary>The iterations as the graph has them.</summary>
    public static ContractLoops Of(ContractNode node) => new(node.Name, node.Shape, node.Domain, node.Output, node.A, node.B);

    /// <summary>Both factors.</summary>
    public IReadOnlyList<Operand> Operands => [A, B];

    /// <summary>Returns the same iterations over another domain.</summary>
    /// <param name="domain">The new domain.</param>
    /// <param name="output">The coordinates of the result as functions of the indices of the new domain.</param>
    /// <param name="over">The indices of the old domain as functions of those of the new one.</param>
    public ContractLoops Over(Shape domain, IndexMap output, IndexMap over) =>
        this with { Domain = domain, Output = output, A = A with { Map = A.Map.After(over) }, B = B with { Map = B.Map.After(over) } };
}
