namespace ModelDsl;

/// <summary>How the results of parallel branches are merged into one tensor.</summary>
public enum Merge
{
    /// <summary>Adds the results element by element; all branches and the result have the same shape.</summary>
    Add,

    /// <summary>
    /// Concatenates the results along the last axis; all other axes are equal: <c>[N, T, a]</c> and <c>[N, T, b]</c> give <c>[N, T, a + b]</c>.
    /// </summary>
    Concat,
}
