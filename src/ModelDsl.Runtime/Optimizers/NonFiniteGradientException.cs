using System.Globalization;

namespace ModelDsl;

/// <summary>
/// The exception for gradients whose norm, which an optimizer limits (<see cref="Optimizer.ClipNorm"/>), is infinite or NaN. The update was not performed:
/// the parameters and the optimizer's state are unchanged.
/// </summary>
public sealed class NonFiniteGradientException : Exception
{
    internal NonFiniteGradientException(string model, string? parameter, double norm)
        : base(string.Create(CultureInfo.InvariantCulture, $"The norm of the gradients of {model} is {norm}: ")
            + (parameter is null ? "they are finite, but too large for their squares to be 32-bit floats. " : $"the gradient of '{parameter}' is not finite. ")
            + "Usual causes: a learning rate that is too high, or very large values in the data. The update was not carried out: parameters and the optimizer's "
            + "state are as before. In a loop of your own, call UndoStep to take back the step's changes of states too.")
    {
        (Parameter, Norm) = (parameter, norm);
    }

    /// <summary>The first parameter whose gradient is not finite; null if all gradients are finite and only their norm is not.</summary>
    public string? Parameter { get; }

    /// <summary>The norm: infinite or NaN.</summary>
    public double Norm { get; }
}
