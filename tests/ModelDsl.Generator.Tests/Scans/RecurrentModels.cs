namespace ModelDsl.Generator.Tests.Scans;

/// <summary>Models with recurrences that are written as a step.</summary>
internal static class RecurrentModels
{
    public const string Sources =
        """
        [Model, MeanSquaredError] public partial class Plain
        {
            private static Tensor Forward([Input(7, 5)] Tensor x) => x.Scan(Tensor.Zeros(9), (h, x) => { var next = (h.Dense(9) + x.Dense(9)).Tanh(); return (next, next); });
        }
        [Model, MeanSquaredError] public partial class LongMemory
        {
            private static Tensor Forward([Input(6, 5)] Tensor x) => x.Scan((Tensor.Zeros(17), Tensor.Zeros(17)), (state, x) =>
            {
                var (h, c) = state;
                var gates = x.Dense(68) + h.Dense(68);
                c = gates.Slice(17, 17, 0).Sigmoid() * c + gates.Slice(0, 17, 0).Sigmoid() * gates.Slice(34, 17, 0).Tanh();
                h = gates.Slice(51, 17, 0).Sigmoid() * c.Tanh();
                return ((h, c), h);
            });
        }
        [Model, MeanSquaredError] public partial class Projected
        {
            [Weight(6)] private static partial Tensor Start { get; }
            private static Tensor Forward([Input(5, 4)] Tensor x) =>
                x.Scan(Start, (h, x) => { var next = Tensor.Concat(h, x).Dense(6).LayerNorm().Gelu(); return (next, next.Dense(3).Sigmoid()); }).Scan(Tensor.Zeros(3), (h, x) => (h * 0.5f + x, h * x))[^1];
        }
        [Model, MeanSquaredError] public partial class Padded
        {
            private static Tensor Forward([TokenInput(6, 7, Padding = 0)] Tensor tokens) =>
                tokens.Embedding(5).Scan(Tensor.Zeros(8), (h, x) => { var next = (h.Dense(8) + x.Dense(8)).Tanh().Dropout(0.3); return (next, next.Dense(4)); });
        }
        [Model, MeanSquaredError] public partial class InALoop
        {
            private static Tensor Forward([Input(4, 3, 2)] Tensor x) => x.Scan(Tensor.Zeros(6), (h, x) =>
            {
                var inner = x.Scan(h, (k, y) => { var next = (k.Dense(6) + y.Dense(6)).Sigmoid(); return (next, next * y.Dense(6)); });
                return (inner[^1], inner.Mean(0));
            });
        }
        [Model, MeanSquaredError] public partial class Looking
        {
            private static Tensor Forward([Input(5, 6)] Tensor x, [Input(4, 6)] Tensor memory) => x.Scan(Tensor.Zeros(6), (h, x) =>
            {
                var scores = memory.MatMul((h + x).Dense(6).Reshape(6, 1)).Reshape(4).Softmax();
                var found = scores.Reshape(1, 4).MatMul(memory).Reshape(6);
                var next = (found + x).Dense(6).Tanh();
                return (next, next);
            });
        }
        [Block] internal partial class Reader
        {
            private static Tensor Forward(Tensor x) => x.Scan(Tensor.Zeros(7), (h, x) => { var next = (h.Dense(7) + x.Dense(7)).Tanh(); return (next, next * x.Dense(7)); });
        }
        [Block, Dense(3)] internal partial class Topic;
        [Model] public partial class ReadByTwoLosses
        {
            private readonly Reader reader = new();
            private readonly Topic topic = new();

            private Tensor Forward([Input(5, 4)] Tensor x) => x.Apply(reader);

            [Loss(Trains = nameof(reader))]
            private Tensor OfReader(Tensor output, [Target(5, 7)] Tensor wanted, [Label(3)] Tensor kind) =>
                (output - wanted).Square().Mean() + output[^1].Apply(topic).SoftmaxCrossEntropy(kind);

            [Loss(Trains = nameof(topic))]
            private Tensor OfTopic(Tensor output, [Label(3)] Tensor kind) => output[^1].Apply(topic).SoftmaxCrossEntropy(kind);
        }
        """;
}
