namespace ModelDsl.Generator.Loops;

/// <summary>
/// What a kernel does, without names: two kernels with equal shapes are the same program but for what their symbols, functions and formulas are called, so one
/// can run instead of the other. How the work is divided is no part of it, for launches say that themselves.
/// </summary>
internal sealed class KernelShape : IEquatable<KernelShape>
{
    private readonly int[] tokens;
    private readonly int hash;

    private KernelShape(int[] tokens)
    {
        this.tokens = tokens;
        hash = tokens.Aggregate(17, (hash, token) => unchecked((hash * 31) + token));
    }

    /// <summary>The shape of a kernel.</summary>
    public static KernelShape Of(Kernel kernel)
    {
        var writer = new ShapeWriter();
        writer.Add(kernel);
        return new KernelShape(writer.ToArray());
    }

    /// <summary>The shapes of kernels of which many have the same body: each is worked out once.</summary>
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
