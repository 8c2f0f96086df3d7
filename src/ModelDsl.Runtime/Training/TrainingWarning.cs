namespace ModelDsl;

/// <summary>Something about a training run that is probably a mistake and does not end it.</summary>
/// <param name="Message">What was seen, and what to do about it.</param>
public sealed record TrainingWarning(string Message);
