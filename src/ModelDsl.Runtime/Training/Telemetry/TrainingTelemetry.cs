using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ModelDsl;

/// <summary>
/// The names under which training reports to the monitoring of a program, such as OpenTelemetry: measurements by a <see cref="Meter"/>, and spans by an <see cref="ActivitySource"/>.
/// Without listeners nothing is measured.
/// </summary>
/// <remarks>
/// <para>Instruments, each with the tag <c>model</c>: the counters <c>modeldsl.training.steps</c>, <c>modeldsl.training.samples</c> and <c>modeldsl.training.data_wait</c> (seconds in which training waited for
/// batches), the histogram <c>modeldsl.training.step.duration</c> (seconds since the end of the step before, so that it includes waiting for the batch), and the gauges <c>modeldsl.training.loss</c> (the mean loss of a batch),
/// <c>modeldsl.training.validation.loss</c> and <c>modeldsl.training.learning_rate</c>.</para>
/// <para>Activities: <c>modeldsl.training.run</c> for each call of <see cref="Trainer.Fit"/>, and in it <c>modeldsl.training.epoch</c>, and in that <c>modeldsl.training.validation</c>. Their tags are
/// <c>model</c>, <c>epochs</c>, <c>batch_size</c>, <c>steps</c> and <c>stop_reason</c> of a run; <c>model</c>, <c>epoch</c>, <c>loss</c> and each metric of an epoch; and <c>model</c>, <c>epoch</c>, <c>loss</c> and each metric of a
/// validation. The status of a run that ended with an exception is an error.</para>
/// </remarks>
/// <example>
/// <code>
/// builder.Services.AddOpenTelemetry()
///     .WithMetrics(metrics => metrics.AddMeter(TrainingTelemetry.MeterName))
///     .WithTracing(tracing => tracing.AddSource(TrainingTelemetry.ActivitySourceName));
/// </code>
/// </example>
public static class TrainingTelemetry
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "ModelDsl.Training";

    /// <summary>The name of the source of activities.</summary>
    public const string ActivitySourceName = "ModelDsl.Training";

    internal static readonly ActivitySource Activities = new(ActivitySourceName);

    private static readonly Meter Meter = new(MeterName);

    internal static readonly Counter<long> Steps = Meter.CreateCounter<long>("modeldsl.training.steps", "{step}", "The number of training steps.");

    internal static readonly Counter<long> Samples = Meter.CreateCounter<long>("modeldsl.training.samples", "{sample}", "The number of samples that training steps have used.");

    internal static readonly Counter<double> DataWait = Meter.CreateCounter<double>("modeldsl.training.data_wait", "s", "The time in which training waited for batches.");

    internal static readonly Histogram<double> StepDuration = Meter.CreateHistogram<double>("modeldsl.training.step.duration", "s", "The time since the end of the training step before.");

    internal static readonly Gauge<double> Loss = Meter.CreateGauge<double>("modeldsl.training.loss", description: "The mean loss of the last batch.");

    internal static readonly Gauge<double> ValidationLoss = Meter.CreateGauge<double>("modeldsl.training.validation.loss", description: "The mean loss on the validation data.");

    internal static readonly Gauge<double> LearningRate = Meter.CreateGauge<double>("modeldsl.training.learning_rate", description: "The learning rate of the last step.");
}
