using System.Diagnostics.CodeAnalysis;

namespace ModelDsl;

/// <summary>Ways to show a training run.</summary>
public static class TrainingView
{
    /// <summary>Nothing is shown.</summary>
    public static ITrainingView None { get; } = new SilentTrainingView();

    /// <summary>
    /// A live line with a bar on the console when somebody can see it, otherwise nothing: output that goes to a file or another program
    /// stays as it would be.
    /// </summary>
    public static ITrainingView Default => HasConsoleView && !Console.IsOutputRedirected ? CreateConsole() : None;

    /// <summary>
    /// Whether programs carry the console view, and with it Spectre.Console. The MSBuild property <c>ModelDslConsoleView</c> decides; when it
    /// is false, trimming leaves both out.
    /// </summary>
    [FeatureSwitchDefinition("ModelDsl.ConsoleView")]
    internal static bool HasConsoleView => !AppContext.TryGetSwitch("ModelDsl.ConsoleView", out var enabled) || enabled;

    /// <summary>One line of text per epoch.</summary>
    /// <param name="writer">Where to; null for the console, redirected or not.</param>
    public static ITrainingView Plain(TextWriter? writer = null) => new PlainTrainingView(writer ?? Console.Out);

    // The only reference to the console view, so that trimming needs to cut in one place.
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
