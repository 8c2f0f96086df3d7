using System.Globalization;

namespace ModelDsl;

/// <summary>One line of text per epoch, for logs.</summary>
internal sealed class PlainTrainingView(TextWriter writer) : ITrainingView
{
    private int epochs;

    public void Started(TrainingPlan plan)
    {
        epochs = plan.Epochs;
        if (plan.Resumed is { } resumed)
            writer.WriteLine(ViewText.Resumed(resumed, plan.Epochs));
    }

    public void Progress(in TrainingProgress progress)
    {
    }

    public void EpochEnded(EpochResult epoch)
    {
        if (ViewRows.Stays(epoch.Epoch, epochs))
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Epoch {epoch.Epoch}/{epochs}  {ViewText.Summary(epoch)}"));
    }

    public void Warned(TrainingWarning warning) => writer.WriteLine($"Warning: {warning.Message}");

    public void Finished(TrainingHistory history)
    {
        if (ViewText.Ending(history) is { } ending)
            writer.WriteLine(ending);
        writer.Flush();
    }
}
