using ModelDsl.Models;
using ModelDsl.Models.Checks;

namespace ModelDsl;

/// <summary>Checks a model on one batch, for the tests of a program: its gradients, that it learns, and that a file of it gives the same predictions.</summary>
/// <example>
/// <code>
/// [Fact]
/// public void The_model_is_sound()
/// {
///     using var model = new DigitModel(seed: 1);
///     ModelChecker.Verify(model, Batch.Of(8, pixels, labels));
/// }
/// </code>
/// </example>
public static class ModelChecker
{
    /// <summary>
    /// Checks a model on one batch. (1) Gradients: the derivatives of the mean loss are compared with central differences <c>(L(w + h·d) − L(w − h·d)) / 2h</c>, for each trainable parameter along its gradient and at some elements.
    /// (2) Learning: training on this batch alone reduces the loss. (3) Files: the model is saved and loaded, and has the same parameters and predictions, to the last bit.
    /// </summary>
    /// <remarks>
    /// <para>The loss has 32 bits, so its difference has a rounding error of about 1e-7 · |L| / h. A derivative is accepted if it differs by at most <see cref="ModelCheckOptions.Tolerance"/> of its size plus
    /// <see cref="ModelCheckOptions.RoundingErrors"/> such errors, for one of four values of h, because a function such as ReLU is not smooth. Masks of dropout are the same in all computations.</para>
    /// <para>When the method returns or throws, the model has the parameters, states and number of training steps that it had before; its gradients are those of the check. The method takes as long as
    /// <see cref="ModelCheckOptions.LearningSteps"/> training steps, and from 10 to 40 forward passes for each parameter.</para>
    /// </remarks>
    /// <param name="model">The model, which has one loss.</param>
    /// <param name="batch">A batch of a few samples, with targets. Its samples must be different, so that the model can learn them.</param>
    /// <param name="options">What is checked and how exactly; null for the defaults.</param>
    /// <returns>What was measured.</returns>
    /// <exception cref="ModelCheckException">A check failed; the message names the parameter or the check, with the expected and the actual value.</exception>
    /// <exception cref="ArgumentException">The batch does not fit the model, or the model has several losses.</exception>
    /// <exception cref="InvalidOperationException">The model is for prediction only, or another thread is training it.</exception>
    /// <exception cref="IOException">The temporary file cannot be written.</exception>
    public static ModelCheckReport Verify(Model model, Batch batch, ModelCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(batch);
        options ??= new ModelCheckOptions();
        PredictionOnly.Reject(model.Description);
        if (model.Description.Losses.Length > 0)
            throw new ArgumentException($"{model.Description.Name} has several losses; the check needs a model with one loss.", nameof(model));
        var (weights, steps) = (new WeightSnapshot(model), model.TrainingSteps);
        weights.Take(model);
        try
        {
            var gradients = new GradientCheck(model, batch, options).Run();
            weights.Restore(model);
            model.TrainingSteps = steps;
            var (before, after) = LearningCheck.Run(model, batch, options);
            FileCheck.Run(model, batch, weights);
            return new ModelCheckReport(model.Description.Name, gradients, before, after);
        }
        finally
        {
            weights.Restore(model);
            model.TrainingSteps = steps;
        }
    }
}
