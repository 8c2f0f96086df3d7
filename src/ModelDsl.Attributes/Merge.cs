namespace ModelDsl;

/// <summary>How the results of parallel branches become one tensor.</summary>
public enum Merge
{
    /// <summary>Element by element; all branches have the same shape, which is also the result's.</summary>
    Add,

    /// <summary>
    /// Side by side along the last axis; the branches agree in all others: <c>[N, T, a]</c> and <c>[N, T, b]</c> give <c>[N, T, a + b]</c>.
    /// </summary>
    Concat,
}
