using ModelDsl.Compiled;

namespace ModelDsl;

/// <summary>The default metrics of a model, which depend on what its loss compares.</summary>
internal static class DefaultMetrics
{
    public static IEnumerable<Metric> Of(ModelDescription model) => Comparisons(model).Select(comparison => Of(model, comparison)).OfType<Metric>();

    /// <summary>
    /// Returns the columns that <see cref="Metric.Target"/> counts, with their indices in batches: the targets without those that contain weights of samples. A model without targets is trained to reproduce its inputs.
    /// </summary>
    public static (int Index, ColumnDescription Column)[] TargetsOf(ModelDescription model)
    {
        (int Index, ColumnDescription Column)[] targets = [.. model.Targets.Index().Where(static target => !target.Item.IsWeight).Select(target => (model.Inputs.Length + target.Index, target.Item))];
        return targets.Length > 0 ? targets : [.. model.Inputs.Index().Select(static input => (input.Index, input.Item))];
    }

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
            : [new ComparisonDescription(model.Loss, 0, TargetsOf(model)[0].Index)];

    private static Metric? Of(ModelDescription model, ComparisonDescription comparison)
    {
        var isInput = comparison.Column < model.Inputs.Length;
        var (output, target) = (comparison.Output, Array.FindIndex(TargetsOf(model), target => target.Index == comparison.Column));
        if (target < 0)
            return null;
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
