using System.Diagnostics.CodeAnalysis;

namespace ModelDsl;

/// <summary>The built-in views of a training run.</summary>
public static class TrainingView
{
    /// <summary>A view that shows nothing.</summary>
    public static ITrainingView None { get; } = new SilentTrainingView();

    /// <summary>
    /// A live progress line on the console if its output is not redirected, otherwise nothing, so that the training run does not add to the output that goes to a file
    /// or another program.
    /// </summary>
    public static ITrainingView Default => HasConsoleView && !Console.IsOutputRedirected ? CreateConsole() : None;

    /// <summary>
    /// Whether programs contain the console view, and with it Spectre.Console. The MSBuild property <c>ModelDslConsoleView</c> sets it; if it
    /// is false, trimming removes both.
    /// </summary>
    [FeatureSwitchDefinition("ModelDsl.ConsoleView")]
    internal static bool HasConsoleView => !AppContext.TryGetSwitch("ModelDsl.ConsoleView", out var enabled) || enabled;

    /// <summary>Creates a view that writes one line of text per epoch.</summary>
    /// <param name="writer">The destination; null for the console, redirected or not.</param>
    public static ITrainingView Plain(TextWriter? writer = null) => new PlainTrainingView(writer ?? Console.Out);

    // The only reference to the console view, so that trimming can remove it.
    private static ConsoleTrainingView CreateConsole() => new ConsoleTrainingView();
}

internal sealed class SilentTrainingView : ITrainingView
{
    public void Started(TrainingPlan plan)
    {
    }

    public void Progress(in TrainingProgress progress)
    {
    }

    public void EpochEnded(EpochResult epoch)
    {
    }

    public void Finished(TrainingHistory history)
    {
    }
}
