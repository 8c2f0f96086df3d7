namespace ModelDsl.Generator.Loops.Gpu;

/// <summary>
/// Computes the indices of a kernel as rarely as possible. A part of an index that does not change in a loop is computed before the loop, and a quotient or a remainder that occurs several times is computed once. ILGPU does
/// neither.
/// </summary>
/// <remarks>
/// A quotient that moves is also computed where the conditions around it do not hold. It moves only if its dividend cannot be negative, which quotients require.
/// </remarks>
internal sealed class HoistedIndices : LoopRewriter
{
    private readonly List<Block> blocks = [];

    /// <summary>The blocks in which variables are declared. Parameters belong to the outermost block and are not listed.</summary>
    private readonly Dictionary<IndexVariable, int> depths = [];

    /// <summary>The variables that may be negative.</summary>
    private readonly HashSet<IndexVariable> signed = [];

    private HoistedIndices()
    {
    }

    /// <summary>Rewrites the kernel of a launch and its functions.</summary>
    public static Launch In(Launch launch)
    {
        var kernel = launch.Kernel;
        var functions = kernel.Tiles.Select(tile => (tile.Name, Function: In(tile))).ToDictionary(tile => tile.Name, tile => tile.Function);
        var main = In(kernel.Main);
        main = main with { Body = new Calls(functions).Rewrite(main.Body) };
        return launch with { Kernel = kernel with { Main = main, Tiles = [.. kernel.Tiles.Select(tile => functions[tile.Name])] } };
    }

    private static Function In(Function function) => function with { Body = new HoistedIndices().Rewrite(function.Body) };

    public override IReadOnlyList<Statement> Rewrite(IReadOnlyList<Statement> body) => Rewrite(body, isLoop: false);

    private List<Statement> Rewrite(IReadOnlyList<Statement> body, bool isLoop)
    {
        var block = new Block(isLoop);
        blocks.Add(block);
        foreach (var statement in body)
        {
            var rewritten = statement.Accept(this);
            block.Flush();
            block.Statements.Add(rewritten);
        }

        blocks.RemoveAt(blocks.Count - 1);
        return block.Statements;
    }

    public override Statement Visit(Loop statement)
    {
        var (from, to) = (Rewrite(statement.From), Rewrite(statement.To));
        depths[statement.Variable] = blocks.Count;
        if (!IsNatural(from)) signed.Add(statement.Variable);
        return statement with { From = from, To = to, Step = Rewrite(statement.Step), Body = Rewrite(statement.Body, isLoop: true) };
    }

    public override Statement Visit(DeclareIndex statement)
    {
        // A quotient that is declared has its name already.
        var value = statement.Value is IndexBinary { Operator: IndexOperator.Divide } quotient ? base.Visit(quotient) : Rewrite(statement.Value);
        Declare(statement.Variable, IsNatural(value));
        if (value is not IndexBinary { Operator: IndexOperator.Divide } || !IsNatural(value)) return statement with { Value = value };
        if (blocks[Depth(value)].Names.TryGetValue(value, out var known)) return statement with { Value = known };
        if (Depth(value) == blocks.Count - 1) blocks[blocks.Count - 1].Names.Add(value, statement.Variable);
        return statement with { Value = value };
    }

    public override Statement Visit(LoadIndex statement)
    {
        Declare(statement.Variable, isNatural: false);
        return base.Visit(statement);
    }

    public override Index Visit(IndexBinary index)
    {
        if (index.Operator is not (IndexOperator.Add or IndexOperator.Subtract or IndexOperator.Multiply)) return Named(index);
        var sum = Linear.Of(index);
        Index result = 0;
        foreach (var depth in sum.Terms.Select(term => (Atom: Atom(term.Key), term.Value)).GroupBy(term => Depth(term.Atom)).OrderBy(group => group.Key))
        {
            result = depth.Aggregate(result, (total, term) => term.Value == -1 ? total - term.Atom : total + (term.Atom * checked((int)term.Value)));
            if (result is IndexBinary && IsOutside(depth.Key)) result = Name(result, depth.Key, "origin");
        }

        return result + checked((int)sum.Constant);
    }

    private Index Atom(Index atom) => atom is IndexBinary { Operator: IndexOperator.Multiply } product ? Rewrite(product.Left) * Rewrite(product.Right) : Rewrite(atom);

    /// <summary>Names a quotient or a remainder.</summary>
    private Index Named(IndexBinary index)
    {
        var result = base.Visit(index);
        if (result is not IndexBinary { Operator: IndexOperator.Divide or IndexOperator.Remainder } named || !IsNatural(named)) return result;
        var depth = Depth(named);
        if (named.Operator == IndexOperator.Divide) return Name(named, depth, "quotient");
        if (named.Right.Literal is not { } divisor || PowersOfTwo.Exponent(divisor) is not null) return Name(named, depth, "remainder");

        // The quotient is often needed too.
        var quotient = Name(named.Left / divisor, depth, "quotient");
        var remainder = Name(named.Left - (quotient * divisor), depth, "remainder");
        signed.Remove(remainder);
        return remainder;
    }

    private IndexVariable Name(Index value, int depth, string name)
    {
        if (blocks[depth].Names.TryGetValue(value, out var known)) return known;
        var variable = new IndexVariable(name);
        blocks[depth].Names.Add(value, variable);
        blocks[depth].Waiting.Add(new DeclareIndex(variable, value));
        depths[variable] = depth;
        if (!IsNatural(value)) signed.Add(variable);
        return variable;
    }

    private void Declare(IndexVariable variable, bool isNatural)
    {
        depths[variable] = blocks.Count - 1;
        if (!isNatural) signed.Add(variable);
    }

    /// <summary>Whether a loop is between a block and the current statement.</summary>
    private bool IsOutside(int depth) => blocks.Skip(depth + 1).Any(block => block.IsLoop);

    /// <summary>The innermost block whose variables an index uses.</summary>
    private int Depth(Index index) => index switch
    {
        IndexVariable variable => depths.TryGetValue(variable, out var depth) ? depth : 0,
        IndexBinary binary => Math.Max(Depth(binary.Left), Depth(binary.Right)),
        _ => 0,
    };

    /// <summary>Whether an index is known not to be negative. Parameters are sizes and positions.</summary>
    private bool IsNatural(Index index) => index switch
    {
        IndexLiteral literal => literal.Value >= 0,
        IndexVariable variable => !signed.Contains(variable),
        IndexBinary { Operator: IndexOperator.Subtract } => false,
        IndexBinary { Operator: IndexOperator.Maximum } binary => IsNatural(binary.Left) || IsNatural(binary.Right),
        IndexBinary binary => IsNatural(binary.Left) && IsNatural(binary.Right),
        _ => false,
    };

    /// <summary>Statements that are being rewritten.</summary>
    /// <param name="isLoop">Whether they are repeated.</param>
    private sealed class Block(bool isLoop)
    {
        public bool IsLoop { get; } = isLoop;

        public List<Statement> Statements { get; } = [];

        /// <summary>The indices that have a name.</summary>
        public Dictionary<Index, IndexVariable> Names { get; } = [];

        /// <summary>Declarations that come before the current statement.</summary>
        public List<Statement> Waiting { get; } = [];

        public void Flush()
        {
            Statements.AddRange(Waiting);
            Waiting.Clear();
        }
    }

    /// <summary>Replaces the functions that are called.</summary>
    private sealed class Calls(IReadOnlyDictionary<string, Function> functions) : LoopRewriter
    {
        public override Statement Visit(Call statement) => statement with { Function = functions[statement.Function.Name] };
    }
}
