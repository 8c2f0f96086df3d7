namespace ModelDsl;

/// <summary>A warning about a probable mistake in a training run, which does not end the run.</summary>
/// <param name="Message">What was detected, and what to do.</param>
public sealed record TrainingWarning(string Message);
