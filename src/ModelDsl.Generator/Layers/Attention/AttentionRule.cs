using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>Which keys a query attends to, and how.</summary>
/// <param name="Causal">Whether those at its own position and before alone.</param>
/// <param name="Window">Those fewer than this many steps away; 0 for no limit.</param>
/// <param name="Alibi">Whether scores fall with the distance.</param>
/// <param name="Dropout">The share of weights dropped in training.</param>
internal sealed record AttentionRule(bool Causal = false, int Window = 0, bool Alibi = false, double Dropout = 0)
{
    /// <summary>The rule that a layer's arguments say; null after reporting.</summary>
    public static AttentionRule? Of(LayerCall call, LayerScope scope)
    {
        var rule = new AttentionRule(call.Flag("causal"), call.Int("window"), call.Flag("alibi"), call.Number("dropout", 0));
        return scope.Require(rule.Window >= 0, "window", "0 for no limit, or positive")
            && scope.Require(rule.Dropout is >= 0 and < 1, "dropout", "at least 0 and less than 1") ? rule : null;
    }

    /// <summary>The condition under which a query attends to a key by their positions; null where it always does.</summary>
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
    /// The slopes of the heads: 2^(−8/n), 2^(−16/n), … for n heads, n being a power of two; otherwise those of the next lower power, and of the heads left every
    /// other one of twice as many (Press et al., 2022, and its published code).
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
