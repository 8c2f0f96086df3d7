namespace ModelDsl.Generator.Scalars;

/// <summary>Traversals of expressions. Each shared part is visited once, so the cost is the number of distinct nodes.</summary>
internal static class ExprWalk
{
    /// <summary>Returns all distinct nodes, operands first.</summary>
    public static IReadOnlyList<Expr> All(Expr root) => root.Parts;

    internal static IReadOnlyList<Expr> Sort(Expr root)
    {
        var sorted = new List<Expr>();
        var seen = new HashSet<Expr>(ByReference.Instance);
        var stack = new Stack<(Expr Expr, bool Done)>([(root, false)]);
        while (stack.Count > 0)
        {
            var (expr, done) = stack.Pop();
            if (done) sorted.Add(expr);
            if (done || !seen.Add(expr)) continue;
            stack.Push((expr, true));
            for (var i = expr.Args.Count - 1; i >= 0; i--) stack.Push((expr.Args[i], false));
        }

        return sorted;
    }

    /// <summary>
    /// Rebuilds an expression from the leaves up: <paramref name="replace"/> gets each node with its rebuilt operands and returns another node, or null to
    /// keep it.
    /// </summary>
    public static Expr Rewrite(Expr root, Func<Expr, Expr?> replace)
    {
        var map = new Dictionary<Expr, Expr>(ByReference.Instance);
        foreach (var expr in All(root))
        {
            var rebuilt = Rebuilt(expr, map);
            map[expr] = replace(rebuilt) ?? rebuilt;
        }

        return map[root];
    }

    /// <summary>Replaces leaf i by <paramref name="leaves"/>[i] and axis i by <paramref name="axes"/>(i). The results are not replaced again.</summary>
    public static Expr Substitute(Expr root, IReadOnlyList<Expr> leaves, Func<int, Expr>? axes = null)
    {
        var map = new Dictionary<Expr, Expr>(ByReference.Instance);
        foreach (var expr in All(root))
        {
            map[expr] = expr switch
            {
                Leaf leaf => leaves[leaf.Input],
                AxisIndex index => axes?.Invoke(index.Axis) ?? index,
                _ => Rebuilt(expr, map),
            };
        }

        return map[root];
    }

    private static Expr Rebuilt(Expr expr, Dictionary<Expr, Expr> map)
    {
        if (expr.Args.Count == 0) return expr;
        var args = new Expr[expr.Args.Count];
        var isSame = true;
        for (var i = 0; i < args.Length; i++)
        {
            args[i] = map[expr.Args[i]];
            isSame &= ReferenceEquals(args[i], expr.Args[i]);
        }

        return isSame ? expr : Expressions.Build(((Apply)expr).Op, args);
    }

    /// <summary>Returns the operands that an expression reads.</summary>
    public static IReadOnlyCollection<int> Inputs(Expr root) => new SortedSet<int>(All(root).OfType<Leaf>().Select(leaf => leaf.Input));

    private sealed class ByReference : IEqualityComparer<Expr>
    {
        public static readonly ByReference Instance = new();

        public bool Equals(Expr? x, Expr? y) => ReferenceEquals(x, y);

        public int GetHashCode(Expr obj) => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(obj);
    }
}
