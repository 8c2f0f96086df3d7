using ModelDsl.Compiled;

namespace ModelDsl;

/// <summary>Which metrics belong to a model: it is decided by what its loss compares.</summary>
internal static class DefaultMetrics
{
    public static IEnumerable<Metric> Of(ModelDescription model) => Comparisons(model).Select(comparison => Of(model, comparison)).OfType<Metric>();

    /// <summary>How an output is to be read where a metric compares it with a column; the loss's own kind where nothing says otherwise.</summary>
    public static LossKind KindOf(ModelDescription model, int output, int column)
    {
        foreach (var comparison in model.Comparisons)
        {
            if (comparison.Output == output && comparison.Column == column)
                return comparison.Kind;
        }

        return model.Loss;
    }

    /// <summary>What a loss compares: said by the model where methods are its losses, and clear where there is one output and one target at most.</summary>
    private static ComparisonDescription[] Comparisons(ModelDescription model) =>
        model.Comparisons.Length > 0 || model.Loss is LossKind.None or LossKind.Custom || model.Targets.Length > 1 || model.Outputs.Count(static output => !output.IsInside) != 1
            ? model.Comparisons
            : [new ComparisonDescription(model.Loss, 0, model.Targets.Length == 0 ? 0 : model.Inputs.Length)];

    private static Metric? Of(ModelDescription model, ComparisonDescription comparison)
    {
        // Metrics count targets, or inputs where a model has none.
        var isInput = comparison.Column < model.Inputs.Length;
        if (isInput && model.Targets.Length > 0)
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
