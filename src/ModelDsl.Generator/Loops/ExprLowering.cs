using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Loops;

/// <summary>
/// Turns scalar expressions into statements over lanes. A subexpression that is used twice is computed once and named. A product that is only added to something becomes a fused
/// multiply-add.
/// </summary>
/// <param name="statements">The list to which declarations are added.</param>
/// <param name="names">The names of the scope.</param>
/// <param name="fusesProducts">Whether products of vectors become part of fused multiply-adds. Products of numbers do not.</param>
internal sealed class ExprLowering(List<Statement> statements, Names names, bool fusesProducts = true)
{
    /// <summary>The greatest nesting of operations in one line of generated code. Deeper subexpressions get a name.</summary>
    private const int MostNested = 3;

    public List<Statement> Statements { get; } = statements;

    /// <summary>Lowers an expression.</summary>
    /// <param name="expr">The expression.</param>
    /// <param name="name">The prefix of the names of subexpressions.</param>
    /// <param name="leaf">The value of operand i.</param>
    /// <param name="axis">The value of the index along an axis.</param>
    /// <param name="lanes">The number of lanes that are used.</param>
    public Value Lower(Expr expr, string name, Func<int, Value> leaf, Func<int, Value> axis, int lanes = Value.Lanes)
    {
        if (expr is not Apply) return Simple(expr);
        var uses = new Dictionary<Expr, int>();
        foreach (var node in ExprWalk.All(expr))
        {
            foreach (var arg in node.Args) uses[arg] = (uses.TryGetValue(arg, out var count) ? count : 0) + 1;
        }

        var known = new Dictionary<Expr, Value>();
        foreach (var node in ExprWalk.All(expr))
        {
            if (known.ContainsKey(node)) continue;
            var value = node is Apply apply ? Combine(NameDeep(apply), known, uses) : Simple(node);
            var isShared = node is Apply { IsCondition: false } && uses.TryGetValue(node, out var count) && count > 1;
            known[node] = isShared ? Name(value, name + "Part", lanes) : value;
        }

        return known[expr];

        Value Simple(Expr node) => node switch
        {
            Constant constant => new Number(constant.Value),
            Leaf input => leaf(input.Input),
            AxisIndex index => axis(index.Axis),
            _ => throw new InvalidOperationException($"Unknown expression {node}."),
        };

        Apply NameDeep(Apply apply)
        {
            foreach (var arg in apply.Args)
            {
                // A product that is then added becomes part of a fused multiply-add, so it gets no name of its own.
                var isFused = apply.Op is ScalarOp.Add or ScalarOp.Subtract && arg is Apply { Op: ScalarOp.Multiply };
                if (!isFused && arg is Apply { IsCondition: false } && Depth(known[arg]) >= MostNested) known[arg] = Name(known[arg], name + "Part", lanes);
            }

            return apply;
        }
    }

    private static int Depth(Value value) => value switch
    {
        Operation operation => 1 + operation.Args.Max(Depth),
        MultiplyAdd add => 1 + Math.Max(Depth(add.A), Math.Max(Depth(add.B), Depth(add.C))),
        _ => 0,
    };

    /// <summary>Declares a value under a name.</summary>
    public Variable Name(Value value, string name, int lanes = Value.Lanes)
    {
        var variable = new Variable(names.UniqueValue(name), value.IsVector);
        Statements.Add(new Declare(variable, value, lanes));
        return variable;
    }

    private Value Combine(Apply apply, Dictionary<Expr, Value> known, Dictionary<Expr, int> uses)
    {
        if (fusesProducts && apply.Op is (ScalarOp.Add or ScalarOp.Subtract))
        {
            for (var side = 1; side >= 0; side--)
            {
                if (apply.Args[side] is Apply { Op: ScalarOp.Multiply } product && uses[product] == 1
                    && known[product] is Operation { IsVector: true } operation)
                {
                    var other = known[apply.Args[1 - side]];
                    if (apply.Op == ScalarOp.Add) return new MultiplyAdd(operation.Args[0], operation.Args[1], other);
                    return side == 1
                        ? new MultiplyAdd(new Operation(ScalarOp.Negate, [operation.Args[0]]), operation.Args[1], other)
                        : new MultiplyAdd(operation.Args[0], operation.Args[1], new Operation(ScalarOp.Negate, [other]));
                }
            }
        }

        return new Operation(apply.Op, [.. apply.Args.Select(arg => known[arg])]);
    }
}
