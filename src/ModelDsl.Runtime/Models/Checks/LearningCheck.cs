using System.Globalization;
using ModelDsl.Compiled;

namespace ModelDsl.Models.Checks;

/// <summary>Checks that training on one batch reduces its loss.</summary>
internal static class LearningCheck
{
    /// <returns>The loss of the batch before and after, without dropout.</returns>
    /// <exception cref="ModelCheckException">The loss is not reduced.</exception>
    public static (double Before, double After) Run(Model model, Batch batch, ModelCheckOptions options)
    {
        var before = Loss(model, batch);
        if (options.LearningSteps == 0)
            return (before, before);
        var optimizer = new Adam(options.LearningRate);
        for (var step = 0; step < options.LearningSteps; step++)
        {
            model.Forward(batch);
            model.Backward(batch);
            optimizer.Update(model);
        }

        var after = Loss(model, batch);
        if (after <= before - ((1 - options.LossFraction) * Math.Abs(before)))
            return (before, after);
        throw new ModelCheckException(string.Create(CultureInfo.InvariantCulture,
            $"{model.Description.Name} does not learn the batch: its loss is {before:G5}, and {after:G5} after {options.LearningSteps} steps of Adam({options.LearningRate}); at most {options.LossFraction:P0} of it are expected. ")
            + "Check that the targets belong to the inputs and that layers are not frozen, or set LearningRate, LearningSteps or LossFraction.");
    }

    private static double Loss(Model model, Batch batch)
    {
        using var inference = model.Infer(batch, InferParts.Loss);
        return inference.Loss;
    }
}
