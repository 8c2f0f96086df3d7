using ModelDsl.Generator.Loops;

namespace ModelDsl.Generator.Emit.Ilgpu;

/// <summary>Writes the values of one thread as C# expressions.</summary>
internal sealed class ValueRenderer(SymbolNames names) : ScalarRenderer(names)
{
    /// <summary>The class of the package with the functions for kernels.</summary>
    private const string Functions = "KernelMath";

    private const string Lanes = "XYZW";

    // Not every device has a fused multiply-add with a single rounding.
    public override string Visit(MultiplyAdd value) => throw NoNumber(value);

    public override string Visit(ReduceLanes value) => throw NoNumber(value);

    public override string Visit(RoundedToTf32 value) => $"TensorCores.Round({Render(value.Exact)})";

    public override string Visit(QuadLane value) => $"{Names[value.Quad]}.{Lanes[value.Lane]}";

    public override string Visit(Guarded value) => $"{Names.Of(value.Conditions)} ? {Render(value.Inside)} : 0f";

    public override string Visit(RandomNumber value) =>
        $"{Functions}.Uniform(seed, number, (uint){Names.Of(value.Stream)}, (uint){Parentheses.Around(value.Row, Names)}, (uint){Parentheses.Around(value.Element, Names)})";

    protected override string Function(Operation operation) => $"{Functions}.{operation.Op}({string.Join(", ", operation.Args.Select(Render))})";
}
