namespace ModelDsl.Generator.Loops.Verification;

/// <summary>Checks that a kernel is fast: no function has too many vector statements, and an innermost loop that accumulates has no integer divisions, and no conditions except on loading lines ahead.</summary>
internal sealed class SumCheck : LoopWalker
{
    /// <summary>From about 300 vector statements on, the JIT compiler has no tracked locals left.</summary>
    private const int MostStatements = 250;

    private readonly List<string> mistakes = [];
    private bool accumulates;
    private int statements;

    private SumCheck()
    {
    }

    public static IReadOnlyList<string> Mistakes(Function function)
    {
        var check = new SumCheck();
        check.Walk(function.Body);
        if (check.statements > MostStatements) check.mistakes.Add($"it has {check.statements} vector statements, more than {MostStatements}");
        return check.mistakes;
    }

    public override void Walk(Statement statement)
    {
        statements += statement switch
        {
            Declare or Assign or StoreLanes or StoreScalar => 1,
            DeclareTile tile => tile.Tile.Rows * tile.Tile.Columns,
            _ => 0,
        };
        base.Walk(statement);
    }

    public override Nothing Visit(Loop statement)
    {
        var outside = accumulates;
        accumulates = false;
        Walk(statement.From);
        Walk(statement.To);
        accumulates = statement.Body.Any(inner => inner is Assign assign && Reads.In(assign.Value, assign.Target));
        Walk(statement.Body);
        accumulates = outside;
        return default;
    }

    public override Nothing Visit(If statement)
    {
        // Whether lines are loaded ahead is the same in all iterations, and nothing waits for them.
        if (accumulates && !statement.Then.Concat(statement.Else).All(inner => inner is Prefetch)) mistakes.Add($"a choice stands inside a sum: {statement}");
        return base.Visit(statement);
    }

    public override Nothing Visit(IndexBinary index)
    {
        if (accumulates && index.Operator is (IndexOperator.Divide or IndexOperator.Remainder)) mistakes.Add($"a division stands inside a sum: {index}");
        return base.Visit(index);
    }

    /// <summary>Whether a value depends on a local.</summary>
    private sealed class Reads(Local local) : LoopWalker
    {
        private bool isFound;

        public static bool In(Value value, Local local)
        {
            var reads = new Reads(local);
            reads.Walk(value);
            return reads.isFound;
        }

        public override void Walk(Value value)
        {
            isFound |= value.Equals(local);
            base.Walk(value);
        }
    }
}
