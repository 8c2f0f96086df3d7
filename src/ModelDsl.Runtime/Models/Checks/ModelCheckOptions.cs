namespace ModelDsl;

/// <summary>What <see cref="ModelChecker.Verify"/> checks, and how exactly.</summary>
public sealed class ModelCheckOptions
{
    private readonly int elements = 4;
    private readonly double tolerance = 0.05;
    private readonly double roundingErrors = 20;
    private readonly int learningSteps = 200;
    private readonly double learningRate = 1e-3;
    private readonly double lossFraction = 0.9;

    /// <summary>The number of elements of each parameter whose derivatives are compared: the one with the greatest gradient, and others at random; 4 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int Elements
    {
        get => elements;
        init => elements = ArgumentCheck.AtLeast(value, 1);
    }

    /// <summary>The greatest difference of a derivative, as a fraction of its size; 0.05 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public double Tolerance
    {
        get => tolerance;
        init => tolerance = ArgumentCheck.Positive(value);
    }

    /// <summary>The number of rounding errors of the loss, each 1.2e-7 · |L|, that a difference of two losses may contain; 20 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double RoundingErrors
    {
        get => roundingErrors;
        init => roundingErrors = ArgumentCheck.NotNegative(value);
    }

    /// <summary>The number of training steps on the batch; 200 by default, 0 if learning is not to be checked.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int LearningSteps
    {
        get => learningSteps;
        init => learningSteps = ArgumentCheck.AtLeast(value, 0);
    }

    /// <summary>The learning rate of these steps, with <see cref="Adam"/>; 0.001 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public double LearningRate
    {
        get => learningRate;
        init => learningRate = ArgumentCheck.Positive(value);
    }

    /// <summary>The greatest loss after these steps, as a fraction of the loss before; 0.9 by default. A loss that can be negative must be reduced by the rest of its size.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, or not less than 1.</exception>
    public double LossFraction
    {
        get => lossFraction;
        init => lossFraction = ArgumentCheck.Below(value, 1);
    }
}
