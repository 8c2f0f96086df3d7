namespace ModelDsl;

/// <summary>
/// Applies two blocks to the same input and merges their results: <c>y = merge(T1(x), T2(x))</c>.
/// The shapes depend on <see cref="Merge"/>.
/// </summary>
/// <typeparam name="T1">The first branch, a class with <see cref="BlockAttribute"/>.</typeparam>
/// <typeparam name="T2">The second branch, a class with <see cref="BlockAttribute"/>.</typeparam>
/// <param name="merge">How the results are merged.</param>
public sealed class ParallelAttribute<T1, T2>(Merge merge) : ParallelAttribute(merge)
    where T1 : class
    where T2 : class;

/// <summary>
/// Applies three blocks to the same input and merges their results: <c>y = merge(T1(x), T2(x), T3(x))</c>.
/// The shapes depend on <see cref="Merge"/>.
/// </summary>
/// <typeparam name="T1">The first branch, a class with <see cref="BlockAttribute"/>.</typeparam>
/// <typeparam name="T2">The second branch, a class with <see cref="BlockAttribute"/>.</typeparam>
/// <typeparam name="T3">The third branch, a class with <see cref="BlockAttribute"/>.</typeparam>
/// <param name="merge">How the results are merged.</param>
public sealed class ParallelAttribute<T1, T2, T3>(Merge merge) : ParallelAttribute(merge)
    where T1 : class
    where T2 : class
    where T3 : class;

/// <summary>
/// Applies four blocks to the same input and merges their results: <c>y = merge(T1(x), T2(x), T3(x), T4(x))</c>.
/// The shapes depend on <see cref="Merge"/>.
/// </summary>
/// <typeparam name="T1">The first branch, a class with <see cref="BlockAttribute"/>.</typeparam>
/// <typeparam name="T2">The second branch, a class with <see cref="BlockAttribute"/>.</typeparam>
/// <typeparam name="T3">The third branch, a class with <see cref="BlockAttribute"/>.</typeparam>
/// <typeparam name="T4">The fourth branch, a class with <see cref="BlockAttribute"/>.</typeparam>
/// <param name="merge">How the results are merged.</param>
public sealed class ParallelAttribute<T1, T2, T3, T4>(Merge merge) : ParallelAttribute(merge)
    where T1 : class
    where T2 : class
    where T3 : class
    where T4 : class;

/// <summary>
/// Applies five blocks to the same input and merges their results: <c>y = merge(T1(x), …, T5(x))</c>.
/// The shapes depend on <see cref="Merge"/>.
/// </summary>
/// <typeparam name="T1">The first branch, a class with <see cref="BlockAttribute"/>.</typeparam>
/// <typeparam name="T2">The second branch, a class with <see cref="BlockAttribute"/>.</typeparam>
/// <typeparam name="T3">The third branch, a class with <see cref="BlockAttribute"/>.</typeparam>
/// <typeparam name="T4">The fourth branch, a class with <see cref="BlockAttribute"/>.</typeparam>
/// <typeparam name="T5">The fifth branch, a class with <see cref="BlockAttribute"/>.</typeparam>
/// <param name="merge">How the results are merged.</param>
public sealed class ParallelAttribute<T1, T2, T3, T4, T5>(Merge merge) : ParallelAttribute(merge)
    where T1 : class
    where T2 : class
    where T3 : class
    where T4 : class
    where T5 : class;

/// <summary>
/// Applies six blocks to the same input and merges their results: <c>y = merge(T1(x), …, T6(x))</c>.
/// The shapes depend on <see cref="Merge"/>.
/// </summary>
/// <typeparam name="T1">The first branch, a class with <see cref="BlockAttribute"/>.</typeparam>
/// <typeparam name="T2">The second branch, a class with <see cref="BlockAttribute"/>.</typeparam>
/// <typeparam name="T3">The third branch, a class with <see cref="BlockAttribute"/>.</typeparam>
/// <typeparam name="T4">The fourth branch, a class with <see cref="BlockAttribute"/>.</typeparam>
/// <typeparam name="T5">The fifth branch, a class with <see cref="BlockAttribute"/>.</typeparam>
/// <typeparam name="T6">The sixth branch, a class with <see cref="BlockAttribute"/>.</typeparam>
/// <param name="merge">How the results are merged.</param>
public sealed class ParallelAttribute<T1, T2, T3, T4, T5, T6>(Merge merge) : ParallelAttribute(merge)
    where T1 : class
    where T2 : class
    where T3 : class
    where T4 : class
    where T5 : class
    where T6 : class;

/// <summary>
/// Applies seven blocks to the same input and merges their results: <c>y = merge(T1(x), …, T7(x))</c>.
/// The shapes depend on <see cref="Merge"/>.
/// </summary>
/// <typeparam name="T1">The first branch, a class with <see cref="BlockAttribute"/>.</typeparam>
/// <typeparam name="T2">The second branch, a class with <see cref="BlockAttribute"/>.</typeparam>
/// <typeparam name="T3">The third branch, a class with <see cref="BlockAttribute"/>.</typeparam>
/// <typeparam name="T4">The fourth branch, a class with <see cref="BlockAttribute"/>.</typeparam>
/// <typeparam name="T5">The fifth branch, a class with <see cref="BlockAttribute"/>.</typeparam>
/// <typeparam name="T6">The sixth branch, a class with <see cref="BlockAttribute"/>.</typeparam>
/// <typeparam name="T7">The seventh branch, a class with <see cref="BlockAttribute"/>.</typeparam>
/// <param name="merge">How the results are merged.</param>
public sealed class ParallelAttribute<T1, T2, T3, T4, T5, T6, T7>(Merge merge) : ParallelAttribute(merge)
    where T1 : class
    where T2 : class
    where T3 : class
    where T4 : class
    where T5 : class
    where T6 : class
    where T7 : class;

/// <summary>
/// Applies eight blocks to the same input and merges their results: <c>y = merge(T1(x), …, T8(x))</c>.
/// The shapes depend on <see cref="Merge"/>.
/// </summary>
/// <typeparam name="T1">The first branch, a class with <see cref="BlockAttribute"/>.</typeparam>
/// <typeparam name="T2">The second branch, a class with <see cref="BlockAttribute"/>.</typeparam>
/// <typeparam name="T3">The third branch, a class with <see cref="BlockAttribute"/>.</typeparam>
/// <typeparam name="T4">The fourth branch, a class with <see cref="BlockAttribute"/>.</typeparam>
/// <typeparam name="T5">The fifth branch, a class with <see cref="BlockAttribute"/>.</typeparam>
/// <typeparam name="T6">The sixth branch, a class with <see cref="BlockAttribute"/>.</typeparam>
/// <typeparam name="T7">The seventh branch, a class with <see cref="BlockAttribute"/>.</typeparam>
/// <typeparam name="T8">The eighth branch, a class with <see cref="BlockAttribute"/>.</typeparam>
/// <param name="merge">How the results are merged.</param>
public sealed class ParallelAttribute<T1, T2, T3, T4, T5, T6, T7, T8>(Merge merge) : ParallelAttribute(merge)
    where T1 : class
    where T2 : class
    where T3 : class
    where T4 : class
    where T5 : class
    where T6 : class
    where T7 : class
    where T8 : class;

/// <summary>The base class of the <c>Parallel</c> attributes for two to eight branches.</summary>
public abstract class ParallelAttribute : BlockLayerAttribute
{
    private protected ParallelAttribute(Merge merge) => Merge = merge;

    /// <summary>How the results are merged.</summary>
    public Merge Merge { get; }
}
