using System.Globalization;
using System.Text;

namespace ModelDsl;

/// <summary>What <see cref="ModelChecker.Verify"/> has measured.</summary>
/// <param name="Model">The name of the model.</param>
/// <param name="Gradients">The comparison of each trainable parameter's gradient.</param>
/// <param name="LossBefore">The loss of the batch before the training steps on it, without dropout.</param>
/// <param name="LossAfter">The loss of the batch after these steps, without dropout; equal to <paramref name="LossBefore"/> if learning was not checked.</param>
public sealed record ModelCheckReport(string Model, IReadOnlyList<GradientComparison> Gradients, double LossBefore, double LossAfter)
{
    /// <summary>Returns a table of the parameters and the losses.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var gradient in Gradients)
            text.Append(CultureInfo.InvariantCulture, $"{gradient.Parameter}: gradient {gradient.Gradient:G4}, by differences {gradient.Difference:G4}").AppendLine();
        return text.Append(CultureInfo.InvariantCulture, $"loss {LossBefore:G4}, after training {LossAfter:G4}").ToString();
    }
}

/// <summary>The derivative of the loss along the gradient of a parameter, which is the norm of the gradient.</summary>
/// <param name="Parameter">The name of the parameter.</param>
/// <param name="Gradient">The norm of the gradient that the model computes.</param>
/// <param name="Difference">The derivative by finite differences.</param>
public sealed record GradientComparison(string Parameter, double Gradient, double Difference);

/// <summary>A check of a model has failed.</summary>
public sealed class ModelCheckException : Exception
{
    internal ModelCheckException(string message, string? parameter = null)
        : base(message)
    {
        Parameter = parameter;
    }

    /// <summary>The name of the parameter whose check failed; null if it was a check of the whole model.</summary>
    public string? Parameter { get; }
}
