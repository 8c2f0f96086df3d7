namespace ModelDsl.Benchmarks.Gpu.Session;

/// <summary>A process of the session. It prints its results as lines of JSON.</summary>
/// <param name="Name">What it does.</param>
/// <param name="Limit">The time after which it is ended.</param>
/// <param name="Program">The program.</param>
/// <param name="Arguments">The arguments of the program.</param>
internal sealed record SessionPart(string Name, TimeSpan Limit, string Program, IReadOnlyList<string> Arguments);

/// <summary>How a part ended.</summary>
/// <param name="Text">The outcome, such as <c>done</c>.</param>
/// <param name="Seconds">The time it took.</param>
/// <param name="Errors">What it wrote to the standard error stream.</param>
internal sealed record PartOutcome(string Text, double Seconds, string Errors)
{
    /// <summary>The text of a part that ended well.</summary>
    public const string Done = "done";
}
