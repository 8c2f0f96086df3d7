using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Loops;

/// <summary>How a pointwise stage gets its operands and indices in the loops in which it is written.</summary>
/// <param name="Operand">Returns the value of an operand from outside the group.</param>
/// <param name="Index">Returns the index along an axis of the stage's domain.</param>
internal sealed record StageContext(Func<Operand, Value> Operand, Func<int, Value> Index);

/// <summary>Writes the pointwise stages of a group for one element or sixteen, and keeps the values of earlier stages.</summary>
/// <param name="statements">The list to which statements are added.</param>
/// <param name="names">The names of the scope.</param>
/// <param name="fusesProducts">Whether a product of vectors that is only added to something becomes a fused multiply-add.</param>
internal sealed class StageWriter(List<Statement> statements, Names names, bool fusesProducts = true)
{
    private readonly ExprLowering lowering = new(statements, names, fusesProducts);

    public List<Statement> Statements => statements;

    /// <summary>The values of the group's nodes at the current position.</summary>
    public Dictionary<Node, Value> Known { get; } = [];

    /// <summary>Computes a pointwise node and names the result if it is read more than once.</summary>
    public Value Compute(MapNode map, StageContext context, int lanes = Value.Lanes, bool isNamed = true)
    {
        var value = Evaluate(map.Body, map.Operands, map.Name, context, lanes);
        if (isNamed && value is not Variable) value = lowering.Name(value, map.Name, lanes);
        return Known[map] = value;
    }

    /// <summary>Computes an expression over operands.</summary>
    public Value Evaluate(Expr body, IReadOnlyList<Operand> operands, string name, StageContext context, int lanes)
    {
        var read = new Dictionary<int, Value>();
        var isCompound = ExprWalk.All(body).Count(expr => expr is Apply) > 1;
        return Evaluate(body, name, input => read.TryGetValue(input, out var known) ? known : read[input] = Read(operands[input], context, isCompound, lanes), context.Index, lanes);
    }

    /// <summary>Computes an expression over values.</summary>
    public Value Evaluate(Expr body, string name, Func<int, Value> leaf, Func<int, Value> axis, int lanes) => lowering.Lower(body, name, leaf, axis, lanes);

    /// <summary>Returns the value of an operand: a known value, a number or a load. A load that several operations use is named.</summary>
    public Value Read(Operand operand, StageContext context, bool isCompound, int lanes)
    {
        return operand.Node switch
        {
            _ when Known.TryGetValue(operand.Node, out var inside) => inside,
            InverseBatchNode => new Operation(ScalarOp.Divide, [new Number(1), new IndexNumber(KernelBuilder.BatchSize)]),
            MapNode { Operands.Count: 0, Body: Constant constant } => new Number(constant.Value),
            _ => Load(),
        };

        Value Load()
        {
            if (Loaded.TryGetValue(operand, out var known)) return known;
            var value = context.Operand(operand);
            return value is LoadLanes && (isCompound || KeepsLoads) ? Loaded[operand] = lowering.Name(value, operand.Node.Name, lanes) : value;
        }
    }

    /// <summary>The values loaded at the current position, by operand.</summary>
    public Dictionary<Operand, Value> Loaded { get; init; } = [];

    /// <summary>Whether all loads are named, because later stages at the same position use them again.</summary>
    public bool KeepsLoads { get; init; }

    /// <summary>Declares a value under a name.</summary>
    public Variable Name(Value value, string name, int lanes = Value.Lanes) => lowering.Name(value, name, lanes);
}
