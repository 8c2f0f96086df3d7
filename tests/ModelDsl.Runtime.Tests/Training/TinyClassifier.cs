using ModelDsl.Compiled;

namespace ModelDsl.Runtime.Tests.Training;

/// <summary>A hand-written model of two inputs and two classes: logits = Wx, softmax cross-entropy.</summary>
internal sealed class TinyClassifier(int seed = 0) : Model(Describe(), seed, device: null)
{
    private static ModelDescription Describe() => new()
    {
        Name = "TinyClassifier",
        Inputs = [new ColumnDescription("input", ColumnType.Float, [2])],
        Targets = [new ColumnDescription("label", ColumnType.Int, [], Bound: 2)],
        Outputs = [new OutputDescription("output", [2])],
        Parameters =
        [
            new ParameterDescription("weight", [2, 2], 0, new ParameterLayout(16, [new LayoutTerm(0, 1, 0, 2), new LayoutTerm(1, 1, 0, 1)]),
                new InitializerDescription(InitializerDistribution.Uniform, 0, 0.1), Trainable: true),
        ],
        ParameterFloats = 16,
        TrainableFloats = 16,
        Programs = [new ProgramDescription(typeof(CpuProgram), 128, static () => new Program())],
        Loss = LossKind.Classes,
        Layers = [],
    };

    private sealed unsafe class Program : CpuProgram
    {
        public override PlanDescription Train { get; } = new(2, 16, 0, 10, 20);

        public override PlanDescription Inference { get; } = new(2, 16, 0, 10, 0);

        public override OutputOffsets[] Outputs { get; } = [new(0, 0, 0)];

        public override void Forward(in Step step, Worker worker) => Infer(in step, worker, InferParts.Loss);

        public override void Backward(in Step step, Worker worker)
        {
            var x = (float*)step.Columns[0];
            var labels = (int*)step.Columns[1];
            new Span<float>(step.Gradients, 16).Clear();
            for (var n = 0; n < step.N; n++)
            {
                var p = 1f / (1f + MathF.Exp(step.Batched[2 * n] - step.Batched[(2 * n) + 1]));
                var d = (p - labels[n]) / step.N;
                for (var i = 0; i < 2; i++)
                {
                    step.Gradients[i] -= d * x[(2 * n) + i];
                    step.Gradients[2 + i] += d * x[(2 * n) + i];
                }
            }
        }

        public override void Infer(in Step step, Worker worker, InferParts parts)
        {
            var x = (float*)step.Columns[0];
            var w = step.Parameters;
            var sum = 0.0;
            for (var n = 0; n < step.N; n++)
            {
                for (var o = 0; o < 2; o++)
                    step.Batched[(2 * n) + o] = (w[2 * o] * x[2 * n]) + (w[(2 * o) + 1] * x[(2 * n) + 1]);
                if ((parts & InferParts.Loss) == 0)
                    continue;
                double own = step.Batched[(2 * n) + ((int*)step.Columns[1])[n]], other = step.Batched[(2 * n) + 1 - ((int*)step.Columns[1])[n]];
                sum += Math.Log(1 + Math.Exp(other - own));
            }

            step.Fixed[0] = (float)(sum / step.N);
        }
    }
}
