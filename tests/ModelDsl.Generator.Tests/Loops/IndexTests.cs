using ModelDsl.Generator.Loops;
using Index = ModelDsl.Generator.Loops.Index;

namespace ModelDsl.Generator.Tests.Loops;

public class IndexTests
{
    private static readonly IndexVariable Row = new("row");

    private static readonly IndexVariable Quad = new("quad");

    private static readonly IndexVariable Column = new("column");

    [Fact]
    public void Literals_fold() => Assert.Equal(23, ((((Index)3 + 4) * 5) - 12).Literal);

    [Fact]
    public void Literals_gather_behind_variables() => Assert.Equal("row + 7", (3 + Row + 4).ToString());

    [Fact]
    public void Factors_of_literals_become_one() => Assert.Equal("row * 12", (Row * 3 * 4).ToString());

    [Fact]
    public void Nothing_is_added_and_nothing_multiplied() => Assert.Equal((Index)Row, (Row * 1) + 0);

    [Fact]
    public void A_multiple_of_zero_is_zero() => Assert.Equal(0, (Row * 0).Literal);

    [Fact]
    public void A_difference_with_itself_is_zero() => Assert.Equal(0, (Row - Row).Literal);

    [Fact]
    public void Sums_stand_in_parentheses_under_products() => Assert.Equal("(row + 1) * 4", ((Row + 1) * 4).ToString());

    [Fact]
    public void Quotients_stand_in_parentheses_where_products_would_change_them() => Assert.Equal("(row / 4) * 4", (Row / 4 * 4).ToString());

    [Fact]
    public void Ceilings_are_quotients() => Assert.Equal("(row + 15) / 16", Index.CeilingDivide(Row, 16).ToString());

    [Fact]
    public void A_quotient_is_seen_through_everything_that_leaves_no_remainder()
    {
        var position = (Row * 128) + (Quad * 4 % 32) + Index.Min(Quad * 8, Row * 12) + (Quad * 64 / 16) - (Row * 4 * Quad) + 8;
        var quads = position.DividedBy(4)!;
        for (var row = 0; row < 3; row++)
        {
            for (var quad = 0; quad < 20; quad++)
                Assert.Equal(Value(position, row, quad), 4 * Value(quads, row, quad));
        }

        static int Value(Index index, int row, int quad) => index.With(Row, row).With(Quad, quad).Literal!.Value;
    }

    [Fact]
    public void What_may_leave_a_remainder_has_no_quotient() =>
        Assert.All((Index[])[Row, Row * 2, (Row * 4) + 2, (Row * 4) + Column, Row * 4 % 6, Row * 4 / 2, Index.Max(Row * 4, 1)], index => Assert.Null(index.DividedBy(4)));

    [Fact]
    public void Variables_with_one_name_are_two()
    {
        var other = new IndexVariable("row");
        Assert.NotEqual(Row, other);
        Assert.NotEqual(0, (Row - other).Literal);
        Assert.Equal("row + 3", (Row + other).With(other, 3).ToString());
    }

    [Fact]
    public void The_minimum_is_an_operation_and_its_notation_is_not_that_of_a_target() =>
        Assert.Equal((IndexOperator.Minimum, "min(row, column * 2)"), (((IndexBinary)Index.Min(Row, Column * 2)).Operator, Index.Min(Row, Column * 2).ToString()));

    [Fact]
    public void A_value_for_a_variable_folds() => Assert.Equal("column * 5 + 12", ((Row * 4) + (Column * (Row + 2))).With(Row, 3).ToString());

    [Theory]
    [InlineData(7, 3, 3)]
    [InlineData(9, 3, 3)]
    [InlineData(10, 3, 4)]
    public void Ceilings_of_literals_round_up(int a, int b, int expected) => Assert.Equal(expected, Index.CeilingDivide(a, b).Literal);
}
