namespace ModelDsl.Generator.Loops;

/// <summary>Finds out whether a program has a statement of some kind. Called functions are not searched.</summary>
/// <param name="isMeant">Whether a statement is of the kind.</param>
internal sealed class StatementSearch(Func<Statement, bool> isMeant) : LoopWalker
{
    private bool isFound;

    /// <summary>Whether one of the statements, or a statement in them, is of the kind.</summary>
    /// <param name="body">The statements.</param>
    /// <param name="isMeant">Whether a statement is of the kind.</param>
    public static bool Any(IReadOnlyList<Statement> body, Func<Statement, bool> isMeant)
    {
        var search = new StatementSearch(isMeant);
        search.Walk(body);
        return search.isFound;
    }

    public override void Walk(Statement statement)
    {
        isFound |= isMeant(statement);
        base.Walk(statement);
    }
}
