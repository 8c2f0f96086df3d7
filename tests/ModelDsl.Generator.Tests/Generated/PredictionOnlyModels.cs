namespace ModelDsl.Generator.Tests.Generated;

/// <summary>Models for prediction only, each with a twin of the same network that has a loss.</summary>
public sealed class PredictionOnlyModels() : LibraryFixture(
    """
    [Block]
    internal sealed partial class Trunk(int width)
    {
        [Weight(3, Init = Init.Ones)] private static partial Tensor Scale { get; }

        private static Tensor Stem(Tensor x, int width) => x.Conv2D(width, 3, useBias: false).BatchNorm().Relu();

        private Tensor Forward(Tensor x) => Stem(x * Scale, width).Dropout(0.5).GlobalAveragePool();
    }
    """,
    Twin("Dense", "Input(37), Dense(67), Relu, Dense(19), Output(\"code\"), Tanh, Dense(10)", "SoftmaxCrossEntropy"),
    Twin("Normed", "Input(5, 4, 3), Conv2D(6, 2, UseBias = false), BatchNorm, Relu, Dropout(0.5), Flatten, Dense(4)", "MeanSquaredError"),
    Twin("Words", "TokenInput(6, 11, Padding = 0, Buckets = new[] { 2, 4 }), Embedding(8), SelfAttention(2), GlobalAveragePool, Dense(3)", "SoftmaxCrossEntropy"),
    Twin("Writer", "Generates, TokenInput(6, 11), Embedding(8), SelfAttention(2, Causal = true), Dense(11)", "SoftmaxCrossEntropy"),
    Twin("Blocked", "Input(6, 5, 3), Apply<Trunk>(9, Name = \"trunk\"), Dense(4)", "SoftmaxCrossEntropy"),
    Twin("Method", "", "MeanSquaredError", "private static Tensor Forward([Input(4)] Tensor left, [Input(3)] Tensor right) => Tensor.Concat(left.Dense(5).Output(\"tower\").Relu(), right.Dense(2)).Dense(3);"),
    """
    [Model(PredictionOnly = true)]
    public sealed partial class Pair
    {
        private readonly Trunk eyes = new(4);

        private (Tensor classes, Tensor code) Forward([Input(6, 5, 3)] Tensor x)
        {
            var code = x.Apply(eyes);
            return (code.Dense(3).Softmax(), code);
        }
    }

    [Model(PredictionOnly = true), Input(6, 5, 3), Apply<Trunk>(9)]
    public sealed partial class TrunkOnly;

    [Model, SoftmaxCrossEntropy]
    public sealed partial class Student
    {
        private readonly Trunk trunk = new(9);

        private Tensor Forward([Input(6, 5, 3)] Tensor x) => x.Apply(trunk).Dense(2);
    }

    [Model(PredictionOnly = true), Input(4), Activation(nameof(Steps))]
    public sealed partial class Stairs
    {
        private static float Steps(float x) => MathF.Round(x);
    }
    """)
{
    /// <summary>The names of the models with a twin. Those of the twins end in <c>Trained</c>.</summary>
    public static TheoryData<string> Names => ["Dense", "Normed", "Words", "Writer", "Blocked", "Method"];

    private static string Twin(string name, string layers, string loss, string members = "")
    {
        var after = layers.Length == 0 ? "" : ", " + layers;
        return $$"""
            [Model(PredictionOnly = true){{after}}] public sealed partial class {{name}} { {{members}} }
            [Model{{after}}, {{loss}}] public sealed partial class {{name}}Trained { {{members}} }
            """;
    }
}
