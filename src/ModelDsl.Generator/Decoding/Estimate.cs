namespace ModelDsl.Generator.Decoding;

/// <summary>Facts about a number that hold whenever the position of a key is later than that of a query.</summary>
/// <param name="IsLater">Whether it may depend on tokens after the query.</param>
/// <param name="Low">A lower bound of its value.</param>
/// <param name="High">An upper bound of its value.</param>
internal sealed record Estimate(bool IsLater, double Low, double High)
{
    /// <summary>An upper bound of the values that a network computes. It is far smaller than the magnitude of an excluded score, 10³⁰.</summary>
    private const double Ordinary = 1e28;

    /// <summary>The exponential of any number below this is 0, also after an ordinary number has been added.</summary>
    private const double Vanishing = -1e20;

    /// <summary>A number about which nothing is known except that it does not depend on later tokens.</summary>
    public static Estimate Earlier { get; } = new(false, -Ordinary, Ordinary);

    /// <summary>A number that may depend on later tokens.</summary>
    public static Estimate Later { get; } = new(true, -Ordinary, Ordinary);

    /// <summary>The number as a linear function of the two positions, if it is one: <c>Query · q + Key · k + Offset</c>.</summary>
    public (double Query, double Key, double Offset)? Linear { get; init; }

    /// <summary>For a condition: whether it holds; null if that is not known.</summary>
    public bool? Truth { get; init; }

    /// <summary>Whether it is 0.</summary>
    public bool IsZero => Low == 0 && High == 0;

    /// <summary>Whether it is an excluded score, whose exponential is 0.</summary>
    public bool IsExcluded => High <= Vanishing;

    public static Estimate Number(double value) => new(false, value, value) { Linear = (0, 0, value) };

    public static Estimate Condition(bool? truth, bool isLater) => new(isLater && truth is null, 0, 1) { Truth = truth };

    /// <summary>A linear function of the two positions. Both are less than <paramref name="count"/>, and the key is the later one.</summary>
    public static Estimate OfPositions(double query, double key, double offset, int count)
    {
        // The extremes of a linear function are at the corners of the triangle of pairs.
        double[] corners = [key + offset, (key * (count - 1)) + offset, (query * (count - 2)) + (key * (count - 1)) + offset];
        return new(false, corners.Min(), corners.Max()) { Linear = (query, key, offset) };
    }

    /// <summary>A number that is one of the two.</summary>
    public static Estimate Either(Estimate a, Estimate b) => a == b ? a : new(a.IsLater || b.IsLater, Math.Min(a.Low, b.Low), Math.Max(a.High, b.High));

    /// <summary>The exponential; exactly 0 for an excluded score.</summary>
    public Estimate Exp() => IsExcluded ? Number(0) : new(IsLater, 0, Ordinary);

    public static Estimate Product(Estimate a, Estimate b)
    {
        if (a.IsZero || b.IsZero) return Number(0);
        double[] corners = [a.Low * b.Low, a.Low * b.High, a.High * b.Low, a.High * b.High];
        return new(a.IsLater || b.IsLater, Math.Max(-Ordinary, corners.Min()), Math.Min(Ordinary, corners.Max()));
    }
}
