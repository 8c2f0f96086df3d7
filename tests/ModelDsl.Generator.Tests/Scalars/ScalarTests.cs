using ModelDsl.Generator.Autodiff;
using ModelDsl.Generator.Scalars;
using ModelDsl.Generator.Simplify;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Tests.Scalars;

public class ScalarTests
{
    private static readonly Expr X = Input(0);
    private static readonly Expr Y = Input(1);

    [Fact]
    public void What_an_operation_folds_to_is_not_replaced_again()
    {
        Assert.Equal(X, ExprWalk.Substitute(Add(X, Y), [Zero, X]));
        Assert.Equal(Index(0), ExprWalk.Substitute(Multiply(X, Index(1)), [One], axis => Index(axis - 1)));
    }

    public static TheoryData<string> Unary() => [.. Enum.GetNames<ScalarOp>().TakeWhile(name => name != nameof(ScalarOp.Add))];

    [Theory]
    [MemberData(nameof(Unary))]
    public void Derivative_of_an_operation_with_one_operand(string name)
    {
        var op = Enum.Parse<ScalarOp>(name);
        foreach (var x in new[] { 0.3, 0.7, 1.4, 2.2, 3.3 })
        {
            CheckDerivative(Build(op, X), x, 0);
            if (op is not (ScalarOp.Sqrt or ScalarOp.Log)) CheckDerivative(Build(op, X), -x, 0);
        }
    }

    [Theory]
    [InlineData(nameof(ScalarOp.Add))]
    [InlineData(nameof(ScalarOp.Subtract))]
    [InlineData(nameof(ScalarOp.Multiply))]
    [InlineData(nameof(ScalarOp.Divide))]
    [InlineData(nameof(ScalarOp.Minimum))]
    [InlineData(nameof(ScalarOp.Maximum))]
    [InlineData(nameof(ScalarOp.Power))]
    public void Derivative_of_an_operation_with_two_operands(string name)
    {
        var op = Enum.Parse<ScalarOp>(name);
        foreach (var (x, y) in new[] { (0.3, 1.7), (2.5, 0.4), (1.1, -2.3) })
        {
            CheckDerivative(Build(op, X, Y), x, y);
            CheckDerivative(Build(op, X, Const(y)), x, y);
            CheckDerivative(Build(op, Const(x), Y), x, y);
        }
    }

    [Theory]
    [InlineData(0.0, 0.0)]
    [InlineData(2.5, 0.999593047982555)]
    [InlineData(0.5, 0.5204998778130465)]
    [InlineData(-1.2, -0.9103139782296354)]
    [InlineData(4.0, 0.9999999845827421)]
    public void Error_function(double x, double expected) => Assert.Equal(expected, ScalarOps.Evaluate(ScalarOp.Erf, [x]), 14);

    [Theory]
    [InlineData(1000.0)]
    [InlineData(-1000.0)]
    [InlineData(-30.0)]
    public void Softplus_neither_overflows_nor_vanishes(double x) =>
        Assert.Equal(x > 0 ? x : Math.Exp(x), ScalarOps.Evaluate(ScalarOp.Softplus, [x]), 1e-18);

    [Fact]
    public void At_a_kink_the_constant_side_wins()
    {
        Assert.Equal(0, Value(ScalarGradient.Of(Maximum(X, Zero), 0), 0, 0));
        Assert.Equal(0, Value(ScalarGradient.Of(Maximum(Zero, X), 0), 0, 0));
        Assert.Equal(0, Value(ScalarGradient.Of(Minimum(X, Const(6)), 0), 6, 0));
        Assert.Equal(0, Value(ScalarGradient.Of(Abs(X), 0), 0, 0));
        Assert.Equal(0.5, Value(ScalarGradient.Of(Maximum(X, Y), 0), 2, 2));
    }

    [Fact]
    public void Derivatives_are_written_through_the_value_where_that_frees_the_operands()
    {
        var sum = Add(X, Y);
        string Through(Expr body) => ThroughOutput.Rewrite(ScalarGradient.Of(body, 0), body, Input(9)).ToString()!;
        Assert.Equal("Select(Less(0, x9), 1, 0)", Through(Maximum(sum, Zero)));
        Assert.Equal("Select(Less(0, x9), 1, 0)", Through(Maximum(Zero, sum)));
        Assert.Equal("Select(Less(x9, 6), 1, 0)", Through(Minimum(sum, Const(6))));
        Assert.Equal("Multiply(x9, Subtract(1, x9))", Through(Sigmoid(sum)));
        Assert.Equal("Subtract(1, Multiply(x9, x9))", Through(Tanh(sum)));
        Assert.Equal("x9", Through(Exp(sum)));
        Assert.Equal("Select(Less(0, x9), 1, 0.1)", Through(Select(Less(Zero, X), X, Multiply(Const(0.1), X))));
        Assert.Equal("Select(Less(0, x9), 1, Add(x9, 2))", Through(Select(Less(Zero, X), X, Multiply(Const(2), Subtract(Exp(X), One)))));
        Assert.DoesNotContain("x9", Through(Select(Less(Zero, X), X, Multiply(Const(-0.1), X))), StringComparison.Ordinal);
        Assert.DoesNotContain("x9", Through(Softplus(sum)), StringComparison.Ordinal);
    }

    [Fact]
    public void Textbook_forms_become_stable_ones()
    {
        Assert.Equal(Softplus(X), StableForms.Simplify(Log(Add(One, Exp(X)))));
        Assert.Equal(Negate(Softplus(Negate(X))), StableForms.Simplify(Log(Sigmoid(X))));
        Assert.Equal(Negate(Softplus(X)), StableForms.Simplify(Log(Subtract(One, Sigmoid(X)))));
        Assert.Equal(Sigmoid(X), StableForms.Simplify(Divide(One, Add(One, Exp(Negate(X))))));
        Assert.Equal(Multiply(Y, Sigmoid(X)), StableForms.Simplify(Divide(Y, Add(Exp(Negate(X)), One))));
        Assert.Equal(X, StableForms.Simplify(Log(Exp(X))));
    }

    [Fact]
    public void Rewritten_sums_keep_their_value()
    {
        var random = new Random(3);
        for (var i = 0; i < 2000; i++)
        {
            var expr = RandomExpr(random, 5);
            var simple = StableForms.Simplify(expr);
            var (x, y) = (random.NextDouble() + 0.1, random.NextDouble() + 0.1);
            Assert.Equal(Value(expr, x, y), Value(simple, x, y), 1e-9 * (1 + Math.Abs(Value(expr, x, y))));
        }
    }

    private static Expr RandomExpr(Random random, int depth) => depth == 0 || random.Next(5) == 0
        ? random.Next(4) switch { 0 => X, 1 => Y, 2 => Const(random.Next(-2, 3)), _ => Const(0.5) }
        : random.Next(6) switch
        {
            0 => Add(RandomExpr(random, depth - 1), RandomExpr(random, depth - 1)),
            1 => Subtract(RandomExpr(random, depth - 1), RandomExpr(random, depth - 1)),
            2 => Multiply(RandomExpr(random, depth - 1), RandomExpr(random, depth - 1)),
            3 => Negate(RandomExpr(random, depth - 1)),
            4 => Select(Less(X, Y), RandomExpr(random, depth - 1), Zero),
            _ => Sin(RandomExpr(random, depth - 1)),
        };

    private static void CheckDerivative(Expr body, double x, double y)
    {
        const double Step = 1e-6;
        for (var leaf = 0; leaf < 2; leaf++)
        {
            var (dx, dy) = leaf == 0 ? (Step, 0.0) : (0.0, Step);
            var expected = (Value(body, x + dx, y + dy) - Value(body, x - dx, y - dy)) / (2 * Step);
            var derivative = ScalarGradient.Of(body, leaf);
            var through = ThroughOutput.Rewrite(derivative, body, Input(2));
            if (double.IsNaN(expected)) continue;
            Assert.Equal(expected, Value(derivative, x, y), 1e-6 * (1 + Math.Abs(expected)));
            Assert.Equal(expected, Value(through, x, y, Value(body, x, y)), 1e-6 * (1 + Math.Abs(expected)));
        }
    }

    private static double Value(Expr expr, params double[] leaves) => expr switch
    {
        Leaf leaf => leaves[leaf.Input],
        Constant constant => constant.Value,
        Apply apply => ScalarOps.Evaluate(apply.Op, [.. apply.Args.Select(arg => Value(arg, leaves))]),
        _ => throw new NotSupportedException(),
    };
}
