using System.Diagnostics.CodeAnalysis;

namespace ModelDsl;

/// <summary>The built-in views of a training run.</summary>
public static class TrainingView
{
    private static ITrainingView? chosen;

    /// <summary>A view that shows nothing.</summary>
    public static ITrainingView None { get; } = new SilentTrainingView();

    /// <summary>
    /// The view of trainers without another <see cref="Trainer.View"/>: a live screen on a console that is a terminal, and otherwise, if the output is redirected to a file or to another program, a line of text per epoch.
    /// A program, or the tests of one, can set another view for all trainers that it creates later; null restores the view above. All these trainers share the object, so a view that keeps the state of a run fits trainers that run one after the other.
    /// </summary>
    [AllowNull]
    public static ITrainingView Default
    {
        get => chosen ?? (HasConsoleView && !Console.IsOutputRedirected ? CreateConsole() : Plain());
        set => chosen = value;
    }

    /// <summary>
    /// Whether programs contain the live screen, and with it Spectre.Console. The MSBuild property <c>ModelDslConsoleView</c> sets it; if it
    /// is false, trimming removes both.
    /// </summary>
    [FeatureSwitchDefinition("ModelDsl.ConsoleView")]
    internal static bool HasConsoleView => !AppContext.TryGetSwitch("ModelDsl.ConsoleView", out var enabled) || enabled;

    /// <summary>Creates a view that writes one line of text per epoch.</summary>
    /// <param name="writer">The destination; null for the console, redirected or not.</param>
    public static ITrainingView Plain(TextWriter? writer = null) => new PlainTrainingView(writer ?? Console.Out);

    // The only reference to the live screen, so that trimming can remove it.
    private static ConsoleTrainingView CreateConsole() => new(ConsoleScreen.OfProgram);
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
