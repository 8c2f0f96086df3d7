namespace ModelDsl.Generator.Loops.Verification;

/// <summary>Computes the distances by which statements advance cursors that they do not declare themselves; null if a distance differs between paths.</summary>
internal sealed class CursorMoves : LoopWalker
{
    private readonly Dictionary<Buffer, Index?> moves = [];
    private Index? times = 1;

    private CursorMoves()
    {
    }

    public static IReadOnlyDictionary<Buffer, Index?> In(IReadOnlyList<Statement> body)
    {
        var walk = new CursorMoves();
        walk.Walk(body);
        return walk.moves;
    }

    public override Nothing Visit(Advance statement)
    {
        moves.TryGetValue(statement.Cursor, out var before);
        var isKnown = times is not null && (before is not null || !moves.ContainsKey(statement.Cursor));
        moves[statement.Cursor] = isKnown ? Sum(before ?? 0, statement.By * times!) : null;
        return default;
    }

    public override Nothing Visit(Loop statement)
    {
        var outside = times;
        times = times is not null && statement.Step.Literal == 1 ? times * (statement.To - statement.From) : null;
        Walk(statement.Body);
        times = outside;
        return default;
    }

    public override Nothing Visit(If statement)
    {
        var outside = times;
        times = null;
        base.Visit(statement);
        times = outside;
        return default;
    }

    // Values advance no cursors.
    public override void Walk(Value value)
    {
    }

    /// <summary>A sum in which terms and their negatives cancel.</summary>
    private static Index Sum(Index a, Index b)
    {
        var sum = Linear.Of(a).Plus(Linear.Of(b), 1);
        Index result = checked((int)sum.Constant);
        foreach (var term in sum.Terms) result += term.Key * checked((int)term.Value);
        return result;
    }
}
