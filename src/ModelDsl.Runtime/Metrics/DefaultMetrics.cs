using ModelDsl.Compiled;

namespace ModelDsl;

/// <summary>The default metrics of a model, which depend on what its loss compares.</summary>
internal static class DefaultMetrics
{
    public static IEnumerable<Metric> Of(ModelDescription model) => Comparisons(model).Select(comparison => Of(model, comparison)).OfType<Metric>();

    /// <summary>Returns how a metric interprets an output that it compares with a column; the kind of the model's loss if no comparison is declared.</summary>
    public static LossKind KindOf(ModelDescription model, int output, int column)
    {
        foreach (var comparison in model.Comparisons)
        {
            if (comparison.Output == output && comparison.Column == column)
                return comparison.Kind;
        }

        return model.Loss;
    }

    /// <summary>Returns what the losses compare: as declared if they are methods, or the only output with the only target.</summary>
    private static ComparisonDescription[] Comparisons(ModelDescription model) =>
        model.Comparisons.Length > 0 || model.Loss is LossKind.None or LossKind.Custom || model.Targets.Count(static target => !target.IsWeight) > 1 || model.Outputs.Count(static output => !output.IsInside) != 1
            ? model.Comparisons
            : [new ComparisonDescription(model.Loss, 0, model.Targets.All(static target => target.IsWeight) ? 0 : model.Inputs.Length)];

    private static Metric? Of(ModelDescription model, ComparisonDescription comparison)
    {
        // Metrics refer to targets by index, or to inputs if a model has no targets.
        var isInput = comparison.Column < model.Inputs.Length;
        if (isInput && model.Targets.Any(static target => !target.IsWeight))
            return null;
        var (output, target) = (comparison.Output, isInput ? comparison.Column : comparison.Column - model.Inputs.Length);
        return comparison.Kind switch
        {
            LossKind.Regression => new MeanAbsoluteError { Output = output, Target = target },
            LossKind.Classes => new Accuracy { Output = output, Target = target },
            LossKind.SoftClasses when !isInput => new Accuracy { Output = output, Target = target },
            LossKind.Binary when !isInput && model.Outputs[output].Length == 1 => new Accuracy { Output = output, Target = target },
            _ => null,
        };
    }
}
