namespace ModelDsl.Generator.Loops;

/// <summary>Whether a body draws random numbers.</summary>
internal sealed class RandomDraws : LoopWalker
{
    private readonly bool withCalls;
    private bool isFound;

    private RandomDraws(bool withCalls) => this.withCalls = withCalls;

    /// <param name="body">The body.</param>
    /// <param name="withCalls">Whether draws in called functions count too.</param>
    public static bool In(IReadOnlyList<Statement> body, bool withCalls)
    {
        var draws = new RandomDraws(withCalls);
        draws.Walk(body);
        return draws.isFound;
    }

    public override Nothing Visit(RandomLanes value)
    {
        isFound = true;
        return default;
    }

    public override Nothing Visit(RandomNumber value)
    {
        isFound = true;
        return default;
    }

    public override Nothing Visit(Call statement)
    {
        isFound |= withCalls && statement.Function.IsRandom;
        return base.Visit(statement);
    }

    // Indices contain no random numbers.
    public override void Walk(Index index)
    {
    }
}
