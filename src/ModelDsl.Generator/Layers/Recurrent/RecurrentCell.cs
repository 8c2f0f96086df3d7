using ModelDsl.Generator.Graph;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>The parameters of one layer and direction of a recurrence, and the products with them.</summary>
/// <param name="scope">The layer.</param>
/// <param name="number">Its number in the stack.</param>
/// <param name="isReversed">Whether it runs from the last position to the first.</param>
/// <param name="units">The width of the state.</param>
/// <param name="gates">The number of blocks of rows of the weights.</param>
/// <param name="width">The width of the input.</param>
internal sealed class RecurrentCell(LayerScope scope, int number, bool isReversed, int units, int gates, int width)
{
    public bool IsReversed => isReversed;

    public int Units => units;

    /// <summary>The prefix of the names of its values.</summary>
    public string Name { get; } = scope.NodeName + (number == 0 ? "" : $"Layer{number + 1}") + (isReversed ? "Reverse" : "");

    /// <summary>Whether biases are added.</summary>
    public bool HasBias { get; } = scope.Call.Flag("useBias", true);

    /// <summary>The products of the inputs at all positions and <c>weight_ih</c>, plus <c>bias_ih</c>; null after an error was reported.</summary>
    /// <param name="input">The inputs at all positions.</param>
    /// <param name="addsBoth">Whether <c>bias_hh</c> is added too.</param>
    public Node? Inputs(Node input, bool addsBoth)
    {
        if (Parameter("weight_ih", gates * units, width) is not { } weight) return null;
        var product = GraphBuilder.Product(Name + "Inputs", input, weight);
        if (!HasBias) return product;
        if (Parameter("bias_ih", gates * units) is not { } bias) return null;
        if (!addsBoth) return GraphBuilder.Map(Name + "Inputs", product.Shape, Add(Input(0), Input(1)), Operand.Whole(product), Operand.Trailing(bias, 3));
        return Parameter("bias_hh", gates * units) is { } other
            ? GraphBuilder.Map(Name + "Inputs", product.Shape, Add(Input(0), Add(Input(1), Input(2))), Operand.Whole(product), Operand.Trailing(bias, 3), Operand.Trailing(other, 3))
            : null;
    }

    /// <summary>The product of the state and <c>weight_hh</c>; null after an error was reported.</summary>
    public Node? Recurrent(Node state) => Parameter("weight_hh", gates * units, units) is { } weight ? GraphBuilder.Product(Name + "Products", state, weight) : null;

    /// <summary><c>bias_hh</c>; null after an error was reported.</summary>
    public Node? RecurrentBias() => Parameter("bias_hh", gates * units);

    /// <summary>Slices the rows of a gate.</summary>
    public Node Gate(string what, Node all, int gate) => GraphBuilder.Slice(Name + what, all, [0, gate * units], Shape.Batch(units));

    // All parameters have the initializer of PyTorch.
    private ParameterNode? Parameter(string name, params int[] shape) =>
        scope.Parameter($"{name}_l{number.ToString(LayerNames.Invariant)}{(isReversed ? "_reverse" : "")}", new Initializer("Uniform", 0, 1 / Math.Sqrt(units)), shape);
}
