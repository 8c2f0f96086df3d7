using ModelDsl.Compiled;
using ModelDsl.Devices;

namespace ModelDsl.Runtime.Tests.Support;

/// <summary>A device as another assembly would write it: memory of its own, update rules one element at a time, nothing internal.</summary>
internal sealed class ArrayDevice : Device
{
    public override string Name => "Arrays";

    public override DeviceModel Load(Model model) => new ArrayModel(model.Description);

    private sealed class ArrayBuffer(int length) : DeviceBuffer
    {
        public float[] Values { get; } = new float[length];

        public override int Length => Values.Length;

        public override void Read(int start, Span<float> destination) => Values.AsSpan(start, destination.Length).CopyTo(destination);

        public override void Write(int start, ReadOnlySpan<float> source) => source.CopyTo(Values.AsSpan(start));

        public override void Fill(float value) => Array.Fill(Values, value);
    }

    private sealed class ArrayModel(ModelDescription description) : DeviceModel
    {
        private readonly ArrayBuffer parameters = new(description.ParameterFloats);
        private readonly ArrayBuffer gradients = new(description.TrainableFloats);

        public override DeviceBuffer Parameters => parameters;

        public override DeviceBuffer Gradients => gradients;

        public override int BatchCapacity => 0;

        public override void EnsureBatchCapacity(int samples)
        {
        }

        public override void Forward(Batch batch, ulong seed, uint number, int loss) => throw new NotSupportedException();

        public override void Backward(Batch batch) => throw new NotSupportedException();

        public override void SaveStates() => throw new NotSupportedException();

        public override void RestoreStates() => throw new NotSupportedException();

        public override float ReadLoss() => throw new NotSupportedException();

        public override ReadOnlySpan<float> ReadOutput(int output) => throw new NotSupportedException();

        public override double GradientNorm(int start, int length) => Math.Sqrt(gradients.Values.Skip(start).Take(length).Sum(g => (double)g * g));

        public override UpdatePass<TRule> CreatePass<TRule>(int states, UpdateSegment[] segments) =>
            new ArrayPass<TRule>(parameters, gradients, states, segments);

        public override InferenceWorkspace CreateWorkspace() => throw new NotSupportedException();
    }

    private sealed class ArrayPass<TRule>(ArrayBuffer parameters, ArrayBuffer gradients, int states, UpdateSegment[] segments) : UpdatePass<TRule>
        where TRule : struct, IUpdateRule
    {
        private readonly ArrayBuffer[] states = [.. Enumerable.Range(0, states).Select(_ => new ArrayBuffer(gradients.Length))];

        public override IReadOnlyList<DeviceBuffer> States => states;

        public override void Run(in TRule rule, GradientClip clip)
        {
            foreach (var segment in Segments.Count == 0 ? segments : Segments)
            {
                var decay = new ScalarLane(rule.Decay(segment.WeightDecay));
                for (var i = segment.Start; i < segment.Start + segment.Length; i++)
                {
                    var parameter = new ScalarLane(parameters.Values[i]);
                    var gradient = new ScalarLane(Math.Clamp(gradients.Values[i] * clip.Scale, -clip.Limit, clip.Limit));
                    ScalarLane first = State(0, i), second = State(1, i), third = State(2, i);
                    rule.Apply(ref parameter, gradient, decay, ref first, ref second, ref third);
                    parameters.Values[i] = parameter.Value;
                    Store(0, i, first);
                    Store(1, i, second);
                    Store(2, i, third);
                }
            }
        }

        private ScalarLane State(int state, int i) => new(state < states.Length ? states[state].Values[i] : float.NaN);

        private void Store(int state, int i, ScalarLane value)
        {
            if (state < states.Length)
                states[state].Values[i] = value.Value;
        }
    }
}
