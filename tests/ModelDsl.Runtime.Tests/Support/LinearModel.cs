using ModelDsl.Checkpoints;
using ModelDsl.Compiled;

namespace ModelDsl.Runtime.Tests.Support;

/// <summary>A hand-written "generated" model, y = Wx + b with mean squared error, whose weight has a padded, permuted layout.</summary>
internal sealed class LinearModel : Model
{
    public const int In = 3;
    public const int Out = 2;

    private static readonly int[] Widths = [512, 256, 128];

    public LinearModel(int seed = 0, Device? device = null, long flops = 100)
        : this(new LinearProgram(flops), seed, device)
    {
    }

    private LinearModel(LinearProgram program, int seed, Device? device)
        : base(Describe(program), seed, device)
    {
        Program = program;
    }

    private LinearModel(LinearProgram program, SafetensorsFile file, Device? device)
        : base(Describe(program), file, device)
    {
        Program = program;
    }

    public LinearProgram Program { get; }

    public static ModelDescription Describe() => Describe(new LinearProgram(flops: 100));

    private static ModelDescription Describe(LinearProgram program) => new()
    {
        Name = "LinearModel",
        Inputs = [new ColumnDescription("input", ColumnType.Float, [In])],
        Targets = [new ColumnDescription("target", ColumnType.Float, [Out])],
        Outputs = [new OutputDescription("output", [Out]) { HasOutputActivation = true }],
        Parameters =
        [
            // Element (o, i) is at i·16 + o: a panel of 16 outputs, of which 14 are pads.
            new ParameterDescription(
                "dense1.weight", [Out, In], 0, new ParameterLayout(48, [new LayoutTerm(0, 1, 16, 1), new LayoutTerm(1, 1, 0, 16)]),
                new InitializerDescription(InitializerDistribution.Uniform, 0, 1), Trainable: true),
            new ParameterDescription(
                "dense1.bias", [Out], 48, new ParameterLayout(16, [new LayoutTerm(0, 1, 0, 1)]),
                new InitializerDescription(InitializerDistribution.Constant, 0.5, 0), Trainable: true, WeightDecay: 0),
            new ParameterDescription(
                "scale", [], 64, new ParameterLayout(16, []),
                new InitializerDescription(InitializerDistribution.Constant, 1, 0), Trainable: false),
        ],
        ParameterFloats = 80,
        TrainableFloats = 64,
        Programs = [.. Widths.Select(width => new ProgramDescription(typeof(CpuProgram), width, () => program.For(width)))],
        Loss = LossKind.Regression,
        Layers = [new LayerDescription("dense1", "Dense(2)", "[N, 2]", 8, 14, 8)],
    };

    public static LinearModel FromFile(string path, Device? device = null)
    {
        using var file = SafetensorsFile.Open(path);
        return new LinearModel(new LinearProgram(flops: 100), file, device);
    }

    public void Predict(ReadOnlySpan<float> input, Span<float> output) => PredictFloats(input, output, InferParts.OutputActivation);

    public float[] Predict(ReadOnlySpan<float> input) => PredictFloats(input, InferParts.OutputActivation);

    public void PredictLogits(ReadOnlySpan<float> input, Span<float> output) => PredictFloats(input, output, InferParts.None);
}

/// <summary>What the generator would write for <see cref="LinearModel"/>, for any number of workers; its output activation doubles the output.</summary>
internal sealed unsafe class LinearProgram(long flops) : CpuProgram
{
    public override PlanDescription Train { get; } = new(BatchedFloats: LinearModel.Out, FixedFloats: 16, LossOffset: 3, flops, 2 * flops);

    public override PlanDescription Inference { get; } = new(BatchedFloats: 2 * LinearModel.Out, FixedFloats: 16, LossOffset: 5, flops, 0);

    public override OutputOffsets[] Outputs { get; } = [new(Train: 0, Inference: 0, OutputActivation: LinearModel.Out)];

    /// <summary>Called at the start of every pass on every worker.</summary>
    public Action<Worker> OnPass { get; set; } = static _ => { };

    /// <summary>What the gradient of the bias is multiplied by; other values than 1 make it wrong.</summary>
    public float BiasGradientFactor { get; set; } = 1;

    public int VectorBits { get; private set; }

    /// <summary>The program of the device.</summary>
    public LinearProgram For(int vectorBits)
    {
        VectorBits = vectorBits;
        return this;
    }

    public override void Forward(in Step step, Worker worker)
    {
        OnPass(worker);
        ComputeOutputs(in step, worker, step.Batched);
        worker.Barrier();
        if (worker.Index == 0)
            step.Fixed[3] = Loss(in step, step.Batched);
    }

    public override void Backward(in Step step, Worker worker)
    {
        OnPass(worker);
        var y = step.Batched;
        var x = (float*)step.Columns[0];
        var t = (float*)step.Columns[1];
        for (var o = worker.From(LinearModel.Out); o < worker.To(LinearModel.Out); o++)
        {
            var bias = 0f;
            for (var i = 0; i < LinearModel.In; i++)
                step.Gradients[(i * 16) + o] = 0f;
            for (var n = 0; n < step.N; n++)
            {
                var d = (y[(n * LinearModel.Out) + o] - t[(n * LinearModel.Out) + o]) * 2f / (step.N * LinearModel.Out);
                bias += d;
                for (var i = 0; i < LinearModel.In; i++)
                    step.Gradients[(i * 16) + o] += d * x[(n * LinearModel.In) + i];
            }

            step.Gradients[48 + o] = bias * BiasGradientFactor;
        }
    }

    public override void Infer(in Step step, Worker worker, InferParts parts)
    {
        OnPass(worker);
        ComputeOutputs(in step, worker, step.Batched);
        worker.Barrier();
        if (worker.Index != 0)
            return;
        if ((parts & InferParts.Loss) != 0)
            step.Fixed[5] = Loss(in step, step.Batched);
        if ((parts & InferParts.OutputActivation) == 0)
            return;
        for (var i = 0; i < step.N * LinearModel.Out; i++)
            step.Batched[(LinearModel.Out * step.Capacity) + i] = 2f * step.Batched[i];
    }

    private static void ComputeOutputs(in Step step, Worker worker, float* y)
    {
        var x = (float*)step.Columns[0];
        for (var n = worker.From(step.N); n < worker.To(step.N); n++)
        {
            for (var o = 0; o < LinearModel.Out; o++)
            {
                var sum = step.Parameters[48 + o];
                for (var i = 0; i < LinearModel.In; i++)
                    sum += step.Parameters[(i * 16) + o] * x[(n * LinearModel.In) + i];
                y[(n * LinearModel.Out) + o] = sum * step.Parameters[64];
            }
        }
    }

    private static float Loss(in Step step, float* y)
    {
        var t = (float*)step.Columns[1];
        var sum = 0.0;
        for (var i = 0; i < step.N * LinearModel.Out; i++)
            sum += (y[i] - t[i]) * (double)(y[i] - t[i]);
        return (float)(sum / (step.N * LinearModel.Out));
    }
}
