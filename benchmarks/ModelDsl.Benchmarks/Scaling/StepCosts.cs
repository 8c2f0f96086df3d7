namespace ModelDsl.Benchmarks.Scaling;

/// <summary>The costs of a training step on one machine, in seconds.</summary>
/// <param name="PerPart">The costs of a micro-batch that do not depend on its samples, with those of adding its gradients.</param>
/// <param name="PerSample">The forward and backward pass of a sample.</param>
/// <param name="PerStep">The update of the parameters, and whatever else a step needs once.</param>
/// <param name="PerExchange">Sending and receiving all gradients once in the memory of the machine.</param>
internal sealed record StepCosts(double PerPart, double PerSample, double PerStep, double PerExchange)
{
    /// <summary>The part of a micro-batch that its backward pass takes: it computes two products for each product of the forward pass.</summary>
    public const double BackwardShare = 2.0 / 3;

    /// <summary>The duration of a step without a group: the whole batch is one micro-batch, and nothing is exchanged.</summary>
    /// <param name="samples">The number of samples.</param>
    public double Alone(double samples) => PerPart + (PerSample * samples) + PerStep;

    /// <summary>The duration of a micro-batch.</summary>
    /// <param name="samples">The number of samples.</param>
    public double Part(double samples) => PerPart + (PerSample * samples);
}

/// <summary>What the ranks exchange gradients by.</summary>
/// <param name="BytesPerSecond">The bandwidth of each rank in each direction.</param>
/// <param name="Latency">The time of a message without bytes, in seconds.</param>
/// <param name="PerMessage">The time that a rank needs for a short message that it sends or receives, in seconds.</param>
internal sealed record Network(double BytesPerSecond, double Latency, double PerMessage)
{
    /// <summary>A network with a bandwidth in Gbit/s.</summary>
    public static Network Of(double gigabits, double latency, double perMessage) => new(gigabits * 1e9 / 8, latency, perMessage);
}
