using Microsoft.CodeAnalysis;
using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Diagnostics;

/// <summary>Source is unfinished most of the time: generator and analyzer bear every stage of its being written.</summary>
public class TypingTests
{
    private const string Source =
        """
        namespace Company;
        [Block, LayerNorm, Dense(8, UseBias = false), Activation(nameof(Left.F))]
        partial class Left { public static float F(float x) => x switch { > 0 and < 2 => x, var y when y > 3 => Math.Max(y, 1), _ => -x }; }
        [Model, Input(4, 2), Flatten, Dense(8), Parallel<Left, Left>(Merge.Add), Repeat<Left>(2), Loss(nameof(L), Target = Target.Given)]
        public partial class Net { const float C = 2; static float L(float p, float t) { var d = p - t; if (d < C) { d *= 2; } return d * d; } }
        """;

    [Fact]
    public async Task Every_beginning_of_a_model()
    {
        for (var length = 0; length <= Source.Length; length += 13) await MustBear(Source[..length]);
    }

    [Fact]
    public async Task Every_missing_character()
    {
        for (var i = 0; i < Source.Length; i += 23) await MustBear(Source.Remove(i, 1));
    }

    [Theory]
    [InlineData("[Model, Input(), Input(null!), Input(new int[0]), Input(1, Missing), Dense, Dense(), Dense(1, 2), Dense(units: )] partial class Net;")]
    [InlineData("[Model, Input(4), Activation(null!), Activation(\"\"), Activation, Activation(nameof(Missing)), Activation(3)] partial class Net;")]
    [InlineData("[Model, Input(4), Apply<>, Apply, Apply<int>, Apply<dynamic>, Apply<Net>, Apply<Net[]>, Parallel<Net>(Merge.Add)] partial class Net;")]
    [InlineData("[Model, Input(4), Dense(2, Name = null!), Dense(2, WeightDecay = double.NaN, InitScale = 1 / 0.0), Loss(nameof(F))] partial class Net;")]
    [InlineData("[Model, Model, Block, Block] partial class Net; [Model] enum E; [Block] struct S; [Model] interface I; [Model] delegate void D();")]
    [InlineData("[Model, Input(2147483647, 2147483647), Dense(2147483647), Flatten, Dense(2147483647), MeanSquaredError] partial class Net;")]
    [InlineData("[Model, Input(4), Activation(nameof(F)), Loss(nameof(F))] partial class Net { static partial float F(float x); extern static float G(); }")]
    [InlineData("[Model, Input(4), Activation(nameof(F))] partial class Net { static float F(float x); static float F(float x) => F(F); }")]
    public Task Strange_attributes(string source) => MustBear(source);

    private static async Task MustBear(string source)
    {
        var found = await Expect.Report([source]);
        Assert.True(found.All(diagnostic => diagnostic.Id is not ("AD0001" or "MDSL0900")), source + "\n\n" + string.Join('\n', found));
    }
}
