using System.Globalization;

namespace ModelDsl;

/// <summary>
/// The exception for a training step whose loss is infinite or NaN. The step was undone: the model has the parameters and states with which it computed that loss.
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

    /// <summary>The epoch, starting at 1.</summary>
    public int Epoch { get; }

    /// <summary>The step within the epoch, starting at 1.</summary>
    public int Step { get; }

    /// <summary>The loss: infinite or NaN.</summary>
    public double Loss { get; }

    /// <summary>The epochs that were completed before.</summary>
    public TrainingHistory History { get; }
}
