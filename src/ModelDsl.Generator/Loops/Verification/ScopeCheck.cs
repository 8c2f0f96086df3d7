namespace ModelDsl.Generator.Loops.Verification;

/// <summary>
/// Checks that a function is well formed: every symbol is declared once in its scope and before it is used, only mutable symbols are assigned, numbers and vectors are not
/// confused, calls have the arguments of their functions, and all threads reach the barriers.
/// </summary>
internal sealed class ScopeCheck : LoopWalker
{
    private readonly List<string> mistakes = [];
    private readonly HashSet<ISymbol> known = [];
    private readonly HashSet<ISymbol> mutable = [];

    /// <summary>The symbols whose values may differ between the threads of a group.</summary>
    private readonly HashSet<ISymbol> varying = [];
    private readonly Kernel kernel;
    private readonly bool isForGroups;
    private bool isDivergent;
    private bool isVarying;

    private ScopeCheck(Kernel kernel, Function function)
    {
        this.kernel = kernel;
        isForGroups = kernel.Partition is ThreadGroups;
        foreach (var buffer in function.Buffers) Declares(buffer.Buffer);
        foreach (var integer in function.Integers) Declares(integer);
        foreach (var number in function.Numbers) Declares(number);
        if (!isForGroups) return;

        // A function that does not receive the number of the thread may be called by some threads only, so it must not contain barriers.
        isDivergent = function != kernel.Main && !IsForAllThreads(function);
        if (isDivergent) return;
        if (function == kernel.Main)
        {
            Declares(ThreadGroups.Group);
            Declares(ThreadGroups.Thread);
        }

        varying.Add(ThreadGroups.Thread);
    }

    public static IReadOnlyList<string> Mistakes(Kernel kernel, Function function)
    {
        var check = new ScopeCheck(kernel, function);
        check.Walk(function.Body);
        return check.mistakes;
    }

    public override void Walk(IReadOnlyList<Statement> body)
    {
        var outside = new HashSet<ISymbol>(known);
        base.Walk(body);
        known.IntersectWith(outside);
    }

    protected override void Declares(ISymbol symbol)
    {
        if (!known.Add(symbol)) Mistake($"'{symbol.Name}' is declared where it is known already");
        if (isVarying) varying.Add(symbol);
        else varying.Remove(symbol);
    }

    protected override void Uses(ISymbol symbol)
    {
        if (!known.Contains(symbol)) Mistake($"'{symbol.Name}' is used where nothing has declared it");
        isVarying |= varying.Contains(symbol);
    }

    public override void Walk(Statement statement)
    {
        isVarying = false;
        base.Walk(statement);
    }

    public override Nothing Visit(Loop statement)
    {
        if (statement.Step.Literal is not > 0) Mistake($"the loop over '{statement.Variable.Name}' has the step {statement.Step}");
        var (knownOutside, divergentOutside) = (new HashSet<ISymbol>(known), isDivergent);
        Walk(statement.From);
        Walk(statement.To);
        isDivergent |= isVarying;
        Declares(statement.Variable);
        Walk(statement.Body);
        known.IntersectWith(knownOutside);
        isDivergent = divergentOutside;
        return default;
    }

    public override Nothing Visit(If statement)
    {
        var outside = isDivergent;
        Walk(statement.Conditions);
        isDivergent |= isVarying;
        Walk(statement.Then);
        Walk(statement.Else);
        isDivergent = outside;
        return default;
    }

    public override Nothing Visit(Declare statement)
    {
        if (statement.Mutable) mutable.Add(statement.Variable);
        if (statement.Lanes is < 1 or > Value.Lanes) Mistake($"'{statement}' has {statement.Lanes} lanes");
        if (statement.Value.IsVector != statement.Variable.IsVector) Mistake($"'{statement}' confuses a number and a vector");
        return base.Visit(statement);
    }

    public override Nothing Visit(DeclareTile statement)
    {
        if (statement.Tile.IsVector && statement.Lanes.Count != statement.Tile.Columns) Mistake($"'{statement}' has lanes for {statement.Lanes.Count} columns");
        return base.Visit(statement);
    }

    public override Nothing Visit(Assign statement)
    {
        if (statement.Target is Variable variable && !mutable.Contains(variable)) Mistake($"'{variable.Name}' is assigned, but does not change");
        if (statement.Value.IsVector && !statement.Target.IsVector) Mistake($"'{statement}' assigns a vector to a number");
        return base.Visit(statement);
    }

    public override Nothing Visit(StoreScalar statement)
    {
        if (statement.Value.IsVector) Mistake($"'{statement}' stores a vector as a number");
        return base.Visit(statement);
    }

    public override Nothing Visit(LoadIndex statement)
    {
        if (statement.Buffer.Element is not (BufferElement.Int or BufferElement.Bits)) Mistake($"'{statement}' reads an integer from {statement.Buffer.Element}s");
        return base.Visit(statement);
    }

    public override Nothing Visit(Call statement)
    {
        var function = statement.Function;
        if (!kernel.Tiles.Any(tile => ReferenceEquals(tile, function))) Mistake($"'{function.Name}' is no function of the kernel");
        if ((function.Buffers.Count, function.Integers.Count, function.Numbers.Count) != (statement.Buffers.Count, statement.Integers.Count, statement.Numbers.Count))
        {
            Mistake($"'{function.Name}' is called with other arguments than it has parameters");
        }

        if (isForGroups && isDivergent && IsForAllThreads(function)) Meets($"a call of '{function.Name}'");
        return base.Visit(statement);
    }

    public override Nothing Visit(GroupBarrier statement)
    {
        Meets("a barrier");
        return base.Visit(statement);
    }

    public override Nothing Visit(ReduceThreads statement)
    {
        Meets($"'{statement}'");
        base.Visit(statement);
        varying.Add(statement.Variable);
        return default;
    }

    public override Nothing Visit(MultiplyMatrices statement)
    {
        Meets($"'{statement}'");
        return base.Visit(statement);
    }

    private static bool IsForAllThreads(Function function) => function.Integers.Contains(ThreadGroups.Thread);

    private void Meets(string what)
    {
        if (!isForGroups) Mistake($"{what} is for groups of threads");
        else if (isDivergent) Mistake($"{what} stands where some threads of the group may skip it");
    }

    private void Mistake(string mistake) => mistakes.Add(mistake);
}
