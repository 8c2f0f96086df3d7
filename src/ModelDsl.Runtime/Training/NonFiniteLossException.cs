using System.Globalization;

namespace ModelDsl;

/// <summary>
/// A training step had an infinite loss or none at all (NaN). The step was taken back: the model has the parameters and states it computed that loss with.
/// </summary>
public sealed class NonFiniteLossException : Exception
{
    internal NonFiniteLossException(string model, int epoch, int step, double loss, double learningRate, string? cause, TrainingHistory history)
        : base(string.Create(CultureInfo.InvariantCulture, $"The loss of {model} became {loss} in epoch {epoch}, step {step} (learning rate {learningRate:G4}). ")
            + (cause ?? "Usual causes: a learning rate that is too high, or very large values in the data.")
            + " The model's parameters and states are those before that step.")
    {
        (Epoch, Step, Loss, History) = (epoch, step, loss, history);
    }

    /// <summary>The epoch, from 1 on.</summary>
    public int Epoch { get; }

    /// <summary>The step within the epoch, from 1 on.</summary>
    public int Step { get; }

    /// <summary>The loss: infinite or NaN.</summary>
    public double Loss { get; }

    /// <summary>The epochs completed before.</summary>
    public TrainingHistory History { get; }
}
