using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Graph;

/// <summary>Pointwise operation: every element of the domain (the shape) is <paramref name="body"/> of the operands, where leaf i is operand i.</summary>
internal sealed class MapNode(string name, Shape shape, Expr body, params Operand[] operands) : Node(name, shape)
{
    public Expr Body { get; } = body;

    public override IReadOnlyList<Operand> Operands { get; } = operands;

    public override object Attributes => Body;

    public override OperandForm OperandForm => OperandForm.Expression;

    public override Node With(IReadOnlyList<Operand> operands) => new MapNode(Name, Shape, Body, [.. operands]);

    public override Residence Residence => Residence.Computed;

    public override long Flops => Work.Operations(Body) * Work.Elements(Shape);

    public override string Describe(NodeText text) => text.Body(this, Body);

    public override void Verify()
    {
        Verifier.RequireBody(this, Body);
        Verifier.RequireReads(this, mustStayInside: true);
    }

    public override T Accept<T>(INodeVisitor<T> visitor) => visitor.Map(this);
}

/// <summary>
/// For every index j of the domain: <c>out[ω(j)] += A[α(j)] · B[β(j)]</c>. Terms with a coordinate out of bounds are skipped; outputs without terms are 0.
/// The three maps are symmetric, so a gradient only exchanges their roles.
/// </summary>
internal sealed class ContractNode(string name, Shape shape, Shape domain, IndexMap output, Operand a, Operand b) : Node(name, shape)
{
    public override Shape Domain { get; } = domain;

    public IndexMap Output { get; } = output;

    public Operand A => Operands[0];

    public Operand B => Operands[1];

    public override IReadOnlyList<Operand> Operands { get; } = [a, b];

    public override object Attributes => (Domain, Output);

    public override OperandForm OperandForm => OperandForm.Memory;

    public override Node With(IReadOnlyList<Operand> operands) => new ContractNode(Name, Shape, Domain, Output, operands[0], operands[1]);

    public override Residence Residence => Residence.Computed;

    public override long Flops => 2L * Work.Terms(this, Output);

    public override string Describe(NodeText text) => $"Σ {text.Read(this, A)} · {text.Read(this, B)} over {Domain} into {Output}";

    public override void Verify()
    {
        Verifier.RequireReads(this, mustStayInside: false);
        Verifier.Require(this, Maps.IsNormal(Output, Domain, Shape), "the output map is normal");
        Verifier.Require(this, Operands.All(operand => operand.Node.Type == ElementType.Float), "products are of floats");
        var used = new[] { Output, A.Map, B.Map }.SelectMany(map => map.Coordinates.SelectMany(coordinate => coordinate.Terms.Select(term => term.Axis)));
        Verifier.Require(this, used.Distinct().Count() == Domain.Rank, "every index of the domain is used");
    }

    public override T Accept<T>(INodeVisitor<T> visitor) => visitor.Contract(this);
}

/// <summary>How a reduction combines its terms.</summary>
internal enum ReduceOp
{
    /// <summary>The sum; 0 without terms.</summary>
    Sum,

    /// <summary>The maximum; NaN if a term is NaN; −∞ without terms.</summary>
    Max,

    /// <summary>The <see cref="ReduceNode.Position"/> of the first term that is equal to the maximum, or of the first NaN; ∞ without terms.</summary>
    ArgMax,
}

/// <summary>Combines <paramref name="body"/> over the domain into <c>out[ω(j)]</c>. Terms with an operand out of bounds are skipped.</summary>
internal sealed class ReduceNode(string name, Shape shape, ReduceOp op, Shape domain, IndexMap output, Expr body, params Operand[] operands)
    : Node(name, shape)
{
    public ReduceOp Op { get; } = op;

    public override Shape Domain { get; } = domain;

    public IndexMap Output { get; } = output;

    public Expr Body { get; } = body;

    public override IReadOnlyList<Operand> Operands { get; } = operands;

    /// <summary>
    /// Whether the last operand is the maximum of the terms, read like the result. Fusion adds it to every <see cref="ReduceOp.ArgMax"/>: kernels compare each term
    /// with it, in any order. The body does not use it.
    /// </summary>
    public bool HasMaximum { get; init; }

    /// <summary>The index of a term among the terms of its result, in row-major order of the axes that are reduced.</summary>
    public Expr Position
    {
        get
        {
            var kept = new HashSet<int>(Output.Coordinates.SelectMany(coordinate => coordinate.Terms.Select(term => term.Axis)));
            int[] reduced = [.. Enumerable.Range(0, Domain.Rank).Where(axis => !kept.Contains(axis))];
            var (position, stride) = (Expressions.Zero, 1);
            for (var i = reduced.Length - 1; i >= 0; i--)
            {
                position = Expressions.Add(Expressions.Multiply(Expressions.Const(stride), Expressions.Index(reduced[i])), position);
                stride *= Domain[reduced[i]].Value;
            }

            return position;
        }
    }

    private string Symbol => Op switch
    {
        ReduceOp.Sum => "Σ",
        ReduceOp.Max => "max",
        ReduceOp.ArgMax => "argmax",
    };

    /// <summary>Returns the maximum of the same terms. The graph may have an equal node.</summary>
    public ReduceNode MaximumOfTerms() => new(Name + "Maximum", Shape, ReduceOp.Max, Domain, Output, Body, [.. Operands]);

    public override object Attributes => (Op, Domain, Output, Body, HasMaximum);

    public override OperandForm OperandForm => OperandForm.Expression;

    public override Node With(IReadOnlyList<Operand> operands) => new ReduceNode(Name, Shape, Op, Domain, Output, Body, [.. operands]) { HasMaximum = HasMaximum };

    public override Residence Residence => Residence.Computed;

    public override long Flops => (Work.Operations(Body) + 1L) * Work.Terms(this, Output);

    public override string Describe(NodeText text) => $"{Symbol} {text.Body(this, Body)} over {Domain} into {Output}";

    public override void Verify()
    {
        Verifier.RequireBody(this, Body);
        Verifier.RequireReads(this, mustStayInside: false);
        if (HasMaximum)
        {
            var maximum = Operands[Operands.Count - 1];
            Verifier.Require(this, Op == ReduceOp.ArgMax && maximum.Map == Output && maximum.Node.Shape == Shape, "its maximum is read like its result");
            Verifier.Require(this, !ExprWalk.Inputs(Body).Contains(Operands.Count - 1), "its terms do not read their maximum");
        }

        Verifier.Require(this, Maps.IsNormal(Output, Domain, Shape), "the output map is normal");
    }

    public override T Accept<T>(INodeVisitor<T> visitor) => visitor.Reduce(this);
}

/// <summary>log Σ exp(x) over the last axis, which is removed; numerically stable, with gradient <c>dy · exp(x − lse)</c>. Expanded into maximum, sum and log
/// after differentiation.</summary>
internal sealed class LogSumExpNode(string name, Shape shape, Node input) : Node(name, shape)
{
    public override Shape Domain => Operands[0].Node.Shape;

    public override IReadOnlyList<Operand> Operands { get; } = [Operand.Whole(input)];

    public override object Attributes => NoAttributes;

    public override OperandForm OperandForm => OperandForm.Expression;

    public override Node With(IReadOnlyList<Operand> operands) => new LogSumExpNode(Name, Shape, operands[0].Node);

    public override Residence Residence => throw new InvalidGraphException($"'{Name}' is expanded before fusion");

    public override long Flops => 4L * Work.Elements(Domain);

    public override string Describe(NodeText text) => $"log Σ exp {text.NameOf(Operands[0].Node)} over the last axis";

    public override void Verify() => Verifier.Require(
        this, Domain.Rank > 0 && !Domain[Domain.Rank - 1].IsBatch && Shape == Domain.WithoutLast(), "the last axis is dropped");

    public override T Accept<T>(INodeVisitor<T> visitor) => visitor.LogSumExp(this);
}

/// <summary>Rows of a table: <c>out[…, c] = table[ids[…], c]</c>.</summary>
internal sealed class GatherNode(string name, Shape shape, Node table, Node ids) : Node(name, shape)
{
    public Node Table => Operands[0].Node;

    public Node Ids => Operands[1].Node;

    public override IReadOnlyList<Operand> Operands { get; } = [Operand.Whole(table), Operand.Whole(ids)];

    public override object Attributes => NoAttributes;

    public override OperandForm OperandForm => OperandForm.Memory;

    public override Node With(IReadOnlyList<Operand> operands) => new GatherNode(Name, Shape, operands[0].Node, operands[1].Node);

    public override Residence Residence => Residence.Computed;

    public override long Flops => 0;

    public override string Describe(NodeText text) => $"rows {text.NameOf(Ids)} of {text.NameOf(Table)}";

    public override void Verify()
    {
        Verifier.Require(this, Ids.Type == ElementType.Int && Table.Shape.Rank == 2, "integers choose rows of a table");
        Verifier.Require(this, Shape == new Shape([.. Ids.Shape.Extents, Table.Shape[1]]), "one row per id");
    }

    public override T Accept<T>(INodeVisitor<T> visitor) => visitor.Gather(this);
}

/// <summary>The gradient of a gather: <c>out[ids[…], c] += source[…, c]</c>, positions in ascending order.</summary>
internal sealed class ScatterAddNode(string name, Shape shape, Node ids, Node source) : Node(name, shape)
{
    public Node Ids => Operands[0].Node;

    public Node Source => Operands[1].Node;

    public override IReadOnlyList<Operand> Operands { get; } = [Operand.Whole(ids), Operand.Whole(source)];

    public override object Attributes => NoAttributes;

    public override OperandForm OperandForm => OperandForm.Memory;

    public override Node With(IReadOnlyList<Operand> operands) => new ScatterAddNode(Name, Shape, operands[0].Node, operands[1].Node);

    public override Residence Residence => Residence.Computed;

    public override long Flops => Work.Elements(Source.Shape);

    public override string Describe(NodeText text) => $"add {text.NameOf(Source)} to rows {text.NameOf(Ids)}";

    public override void Verify()
    {
        Verifier.Require(this, Ids.Type == ElementType.Int && Shape.Rank == 2, "integers choose rows of a table");
        Verifier.Require(this, Source.Shape == new Shape([.. Ids.Shape.Extents, Shape[1]]), "one row per id");
    }

    public override T Accept<T>(INodeVisitor<T> visitor) => visitor.ScatterAdd(this);
}
