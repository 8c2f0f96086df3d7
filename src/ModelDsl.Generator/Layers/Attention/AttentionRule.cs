using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>The keys that a query attends to, and how.</summary>
/// <param name="Causal">Whether only keys at its own position and before are allowed.</param>
/// <param name="Window">Only keys fewer than this many positions away are allowed; 0 for no limit.</param>
/// <param name="Alibi">Whether scores decrease with the distance.</param>
/// <param name="Dropout">The fraction of weights that are dropped in training.</param>
internal sealed record AttentionRule(bool Causal = false, int Window = 0, bool Alibi = false, double Dropout = 0)
{
    /// <summary>The rule from the arguments of a layer; null after an error was reported.</summary>
    public static AttentionRule? Of(LayerCall call, LayerScope scope)
    {
        var rule = new AttentionRule(call.Flag("causal"), call.Int("window"), call.Flag("alibi"), call.Number("dropout", 0));
        return scope.Require(rule.Window >= 0, "window", "0 for no limit, or positive")
            && scope.Require(rule.Dropout is >= 0 and < 1, "dropout", "at least 0 and less than 1") ? rule : null;
    }

    /// <summary>The condition on positions under which a query attends to a key; null if it always does.</summary>
    /// <param name="query">The axis of queries.</param>
    /// <param name="key">The axis of keys.</param>
    public Expr? Allows(int query, int key)
    {
        var distance = Subtract(Index(query), Index(key));
        var isBehind = Causal ? Less(distance, Zero) : null;
        var isFar = Window == 0 ? null : Less(Const(Window - 1), Causal ? distance : Abs(distance));
        var isExcluded = isBehind is null ? isFar : isFar is null ? isBehind : Build(ScalarOp.Or, isBehind, isFar);
        return isExcluded is null ? null : Build(ScalarOp.Not, isExcluded);
    }

    /// <summary>
    /// The slopes of the heads: 2^(−8/n), 2^(−16/n), … for n heads if n is a power of two. Otherwise the slopes for the next lower power of two, and for the remaining heads
    /// every other slope of twice as many heads (Press et al., 2022, and its published code).
    /// </summary>
    public static double[] Slopes(int heads)
    {
        var power = 1;
        while (power * 2 <= heads) power *= 2;
        return [.. Of(power, 1).Take(power), .. Of(2 * power, 2).Take(heads - power)];

        static IEnumerable<double> Of(int count, int step)
        {
            for (var head = 1; head <= count; head += step) yield return Math.Pow(2, -8.0 * head / count);
        }
    }
}
