namespace ModelDsl.Generator.Loops;

/// <summary>
/// The computation of a kernel without names. Two kernels with equal shapes are the same program except for the names of symbols and functions and for formulas, so one can run
/// instead of the other. The division of the work is not part of the shape, because launches state it themselves.
/// </summary>
internal sealed class KernelShape : IEquatable<KernelShape>
{
    private readonly int[] tokens;
    private readonly int hash;

    private KernelShape(int[] tokens)
    {
        this.tokens = tokens;
        hash = 17;
        foreach (var token in tokens) hash = unchecked((hash * 31) + token);
    }

    /// <summary>The shape of a kernel.</summary>
    public static KernelShape Of(Kernel kernel) => new(ShapeWriter.NumbersOf(kernel));

    /// <summary>Returns a function that computes shapes and computes the shape of each distinct body once, because many kernels have the same body.</summary>
    public static Func<Kernel, KernelShape> Once()
    {
        var known = new Dictionary<Function, KernelShape>(SameObject.Instance);
        return kernel =>
        {
            if (!known.TryGetValue(kernel.Main, out var shape)) known.Add(kernel.Main, shape = Of(kernel));
            return shape;
        };
    }

    public bool Equals(KernelShape? other) => other is not null && hash == other.hash && tokens.SequenceEqual(other.tokens);

    public override bool Equals(object? obj) => Equals(obj as KernelShape);

    public override int GetHashCode() => hash;
}
