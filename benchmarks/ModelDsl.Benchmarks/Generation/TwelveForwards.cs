namespace ModelDsl.Benchmarks.Generation;

/// <summary>A project of twelve classes in the full form, a file each: one model and eleven blocks that differ.</summary>
internal static class TwelveForwards
{
    /// <summary>The files; the first is the model.</summary>
    public static IReadOnlyList<string> Files { get; } = [Model, .. Enumerable.Range(1, 11).Select(number => Block(number, factor: 2))];

    private const string Model = """
        using ModelDsl;

        [Model, Input(64), SoftmaxCrossEntropy]
        public sealed partial class Deep
        {
            private static Tensor Forward(Tensor x)
            {
                x = x.Apply(new Block1(64)).Apply(new Block2(64)).Apply(new Block3(64)).Apply(new Block4(64)).Apply(new Block5(64)).Apply(new Block6(64));
                x = x.Apply(new Block7(64)).Apply(new Block8(64)).Apply(new Block9(64)).Apply(new Block10(64)).Apply(new Block11(64));
                return x.LayerNorm().Dense(10);
            }
        }
        """;

    /// <summary>A block.</summary>
    /// <param name="number">Which one.</param>
    /// <param name="factor">A constant in its Forward, to be edited.</param>
    public static string Block(int number, int factor) => $$"""
        using ModelDsl;

        [Block]
        internal sealed partial class Block{{number}}(int width, double rate = 0.1)
        {
            private Tensor Forward(Tensor x)
            {
                var hidden = x.LayerNorm().Dense(width * {{factor}} + {{number}}).Gelu().Dropout(rate);
                for (int i = 0; i < 2; i++) hidden = hidden.Dense(width + i).Relu();
                var y = hidden.Dense(width);
                var gate = x.Dense(width).Sigmoid();
                return y.SameShape(x) ? x + gate * y : y;
            }
        }
        """;
}
