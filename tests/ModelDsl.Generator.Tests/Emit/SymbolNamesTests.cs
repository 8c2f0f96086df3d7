using ModelDsl.Generator.Emit;
using ModelDsl.Generator.Loops;
using Buffer = ModelDsl.Generator.Loops.Buffer;

namespace ModelDsl.Generator.Tests.Emit;

/// <summary>Symbols have unique names in C#, independent of their names in the loop program.</summary>
public class SymbolNamesTests
{
    private readonly Buffer buffer = new("x");
    private readonly IndexVariable outer = new("i");
    private readonly IndexVariable inner = new("i");

    [Fact]
    public void A_name_that_is_taken_gets_a_number()
    {
        var names = Of(new Loop(outer, 0, 4, 1, [new Loop(inner, 0, 4, 1, [new StoreScalar(buffer, outer + inner, new Number(1))])]));
        Assert.Equal(("i", "i2", "i + i2"), (names[outer], names[inner], names.Of(outer + inner)));
    }

    [Fact]
    public void Loops_one_after_the_other_have_one_name()
    {
        var names = Of(new Loop(outer, 0, 4, 1, []), new Loop(inner, 0, 4, 1, []));
        Assert.Equal(("i", "i"), (names[outer], names[inner]));
    }

    [Fact]
    public void No_block_hides_what_is_declared_behind_it()
    {
        var names = Of(new Loop(inner, 0, 4, 1, []), new DeclareIndex(outer, 3));
        Assert.Equal(("i2", "i"), (names[inner], names[outer]));
    }

    [Fact]
    public void A_reserved_name_is_not_given() => Assert.Equal("seed2", Of(new DeclareIndex(new IndexVariable("i"), 0), new Loop(Named("seed", out var seed), 0, 1, 1, []))[seed]);

    [Fact]
    public void The_minimum_is_that_of_the_language() => Assert.Equal("Math.Min(i, 4)", Of(new DeclareIndex(outer, 0)).Of(Generator.Loops.Index.Min(outer, 4)));

    [Fact]
    public void What_nothing_declares_has_no_name() => Assert.Throws<InvalidOperationException>(() => Of()[outer]);

    private static IndexVariable Named(string name, out IndexVariable variable) => variable = new IndexVariable(name);

    private SymbolNames Of(params Statement[] body) => new(new Function("Kernel", "", [new BufferParameter(buffer, true)], [], body), [], ["seed"]);
}
