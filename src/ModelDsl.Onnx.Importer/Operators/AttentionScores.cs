using ModelDsl.Onnx.Importer.Emit;
using ModelDsl.Onnx.Importer.Recognize;
using ModelDsl.Onnx.Importer.Values;

namespace ModelDsl.Onnx.Importer.Operators;

/// <summary>What is done with the products of queries and keys before the softmax, as far as attention as a layer can do it: a factor, numbers that are added, and a causal mask.</summary>
/// <param name="node">The node.</param>
/// <param name="heads">The number of heads.</param>
/// <param name="queries">The number of queries.</param>
/// <param name="keys">The number of keys.</param>
internal sealed class AttentionScores(Node node, long heads, long queries, long keys)
{
    /// <summary>What is added to the score of a key that is not attended to. It is finite, so that a row without keys is, and large enough that nothing remains of the score.</summary>
    private const double Excluded = -1e30;

    /// <summary>The largest number that files add to exclude a key, or replace its score by.</summary>
    private const float Excluding = -9999;

    /// <summary>The sizes of the scores.</summary>
    public long[] Shape => [Sizes.Batch, heads, queries, keys];

    /// <summary>The factor of the products.</summary>
    public double Scale { get; private set; } = 1;

    /// <summary>The numbers that are added; null for none.</summary>
    public Value? Bias { get; private set; }

    /// <summary>Whether a query attends only to keys at its position and before.</summary>
    public bool IsCausal { get; set; }

    /// <summary>Scales what has been computed so far.</summary>
    /// <returns>Whether that is possible.</returns>
    public bool Multiply(Value factor, bool isDivisor)
    {
        if (Bias is not null || IsCausal || factor is not Constant { Uniform: { } number and not 0 } constant || !Sizes.Fits(constant.Shape, Shape)) return false;
        Broadcasts.RequireNoSamples(node, constant);
        Scale *= isDivisor ? 1 / number : number;
        return double.IsFinite(Scale);
    }

    /// <summary>Adds numbers to the scores.</summary>
    /// <returns>Whether that is possible.</returns>
    public bool Add(Value summand)
    {
        if (summand is Constant constant)
        {
            Broadcasts.RequireNoSamples(node, constant);
            if (constant.Uniform is 0) return Sizes.Fits(constant.Shape, Shape) && (!constant.IsTrained || Join(constant));
            if (!constant.IsInteger && Array.TrueForAll(constant.Floats, value => value == 0 || value <= Excluding)) return Exclude(constant, value => value == 0);
            if (Array.Exists(constant.Floats, value => float.IsNaN(value) || float.IsPositiveInfinity(value))) return false;
            if (Array.Exists(constant.Floats, float.IsNegativeInfinity)) summand = constant.With(constant.Shape, [.. constant.All().Select(value => Math.Max(value, (float)Excluded))]);
        }

        return Join(summand is Tensor { Kind: ElementKind.Integer } tensor ? tensor with { Kind = ElementKind.Float } : summand);
    }

    /// <summary>Replaces scores by a large negative number where a condition does not hold, or where it holds.</summary>
    /// <returns>Whether that is possible.</returns>
    public bool Select(Value condition, Value replacement, bool isExcluding)
    {
        if (replacement is not Constant { Uniform: <= Excluding }) return false;
        if (condition is Constant constant) return Exclude(constant, value => (value != 0) != isExcluding);
        if (condition is not Tensor { Kind: ElementKind.Integer } tensor) return false;
        var excluded = isExcluding ? tensor : tensor.Map(code => new Code("1 - {0}", Precedence.Sum, code) { IsRightOperand = true });
        return Join(Arithmetic.Multiply(node, excluded with { Kind = ElementKind.Float }, Arithmetic.Number(Excluded)));
    }

    /// <summary>Whether a constant is 1 for keys that are attended to, and 0 for others, before a number is subtracted from the scores of those.</summary>
    public bool Replace(Value kept, Value subtracted) =>
        kept is Constant mask && subtracted is Constant numbers && mask.Shape.SequenceEqual(numbers.Shape) && Array.TrueForAll(mask.Floats, value => value is 0 or 1)
        && Enumerable.Range(0, (int)Math.Min(mask.Count, Sizes.MostComputed)).All(index => mask.Float(index) == 1 ? numbers.Float(index) == 0 : numbers.Float(index) >= -Excluding)
        && Exclude(mask, value => value != 0);

    private bool Exclude(Constant mask, Func<float, bool> isKept)
    {
        if (mask.Count > Sizes.MostComputed) return false;
        var all = mask.All();
        if (Array.TrueForAll(all, value => isKept(value))) return Sizes.Fits(mask.Shape, Shape);
        if (mask.Rank >= 2 && mask.Count == queries * keys && queries == keys && mask.Shape[^1] == keys && mask.Shape[^2] == queries && Enumerable.Range(0, all.Length).All(index => isKept(all[index]) == (index % keys <= index / keys)))
        {
            IsCausal = true;
            return true;
        }

        return Join(Constant.Of(mask.Shape, [.. all.Select(value => isKept(value) ? 0f : (float)Excluded)], mask.Source.Length > 0 ? mask.Source + "_bias" : ""));
    }

    private bool Join(Value summand)
    {
        if (Bias is null) Bias = summand;
        else if (Bias is Constant && summand is Constant) return false;
        else Bias = Arithmetic.Add(node, Bias, summand);
        return true;
    }

    /// <summary>Reads the steps of a pattern; null if the layer cannot do one of them.</summary>
    /// <param name="node">The node, with the other operands of the steps from input 3 on.</param>
    /// <param name="heads">The number of heads.</param>
    /// <param name="queries">The number of queries.</param>
    /// <param name="keys">The number of keys.</param>
    public static AttentionScores? Of(Node node, long heads, long queries, long keys)
    {
        var (scores, at, steps) = (new AttentionScores(node, heads, queries, keys), 3, node.Texts(AttentionPattern.Steps) ?? []);
        for (var step = 0; step < steps.Length; step++)
        {
            var type = steps[step];
            var other = node.Input(at++);
            if (other is Tensor { Kind: ElementKind.Token }) return null;
            var isPossible = type switch
            {
                "Add" => scores.Add(other),
                "Mul" when other is Constant { Uniform: null } && step + 1 < steps.Length && steps[step + 1] == "Sub" => scores.Replace(other, node.Input(at++)) && steps[++step] == "Sub",
                "Mul" or "Div" => scores.Multiply(other, type == "Div"),
                "Where" or AttentionPattern.WhereElse => scores.Select(other, node.Input(at++), type == AttentionPattern.WhereElse),
                _ => false,
            };
            if (!isPossible) return null;
        }

        return scores;
    }
}
