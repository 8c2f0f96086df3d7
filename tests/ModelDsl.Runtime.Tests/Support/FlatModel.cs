using ModelDsl.Checkpoints;
using ModelDsl.Compiled;

namespace ModelDsl.Runtime.Tests.Support;

/// <summary>A model of parameters only: vectors of the given lengths, each padded to sixteens. Its steps do nothing.</summary>
internal sealed class FlatModel : Model
{
    public FlatModel(Device? device, params (string Name, int[] Shape, double WeightDecay)[] parameters)
        : base(Describe(parameters), seed: 1, device)
    {
    }

    public FlatModel(SafetensorsFile file, params (string Name, int[] Shape, double WeightDecay)[] parameters)
        : base(Describe(parameters), file, device: null)
    {
    }

    public FlatModel(int length, Device? device = null)
        : this(device, ("weight", [length], double.NaN))
    {
    }

    private static ModelDescription Describe((string Name, int[] Shape, double WeightDecay)[] parameters)
    {
        var described = new List<ParameterDescription>();
        var offset = 0;
        foreach (var (name, shape, weightDecay) in parameters)
        {
            var length = shape.Aggregate(1, (a, b) => a * b);
            var floats = (length + 15) / 16 * 16;
            var terms = new LayoutTerm[shape.Length];
            for (int axis = shape.Length - 1, stride = 1; axis >= 0; stride *= shape[axis--])
                terms[axis] = new LayoutTerm(axis, 1, 0, stride);
            described.Add(new ParameterDescription(
                name, shape, offset, new ParameterLayout(floats, terms),
                new InitializerDescription(InitializerDistribution.Normal, 0, 1), Trainable: true, weightDecay));
            offset += floats;
        }

        return new ModelDescription
        {
            Name = "FlatModel",
            Inputs = [new ColumnDescription("input", ColumnType.Float, [1])],
            Targets = [],
            Outputs = [new OutputDescription("output", [1])],
            Parameters = [.. described],
            ParameterFloats = offset,
            TrainableFloats = offset,
            Programs = [new ProgramDescription(typeof(CpuProgram), 128, static () => new Nothing())],
            Loss = LossKind.Custom,
            Layers = [],
        };
    }

    private sealed class Nothing : CpuProgram
    {
        public override PlanDescription Train { get; } = new(1, 16, 0, 1, 2);

        public override PlanDescription Inference { get; } = new(1, 16, 0, 1, 0);

        public override OutputOffsets[] Outputs { get; } = [new(0, 0, 0)];

        public override void Forward(in Step step, Worker worker)
        {
        }

        public override void Backward(in Step step, Worker worker)
        {
        }

        public override void Infer(in Step step, Worker worker, InferParts parts)
        {
        }
    }
}
