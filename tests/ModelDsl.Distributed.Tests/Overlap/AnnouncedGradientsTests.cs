using ModelDsl.Compiled;
using ModelDsl.Devices;
using ModelDsl.Devices.Cpu;
using ModelDsl.Distributed.Tests.Support;

namespace ModelDsl.Distributed.Tests.Overlap;

/// <summary>What generated backward passes say about gradients that are final before the pass has ended.</summary>
public sealed class AnnouncedGradientsTests
{
    private static readonly Dictionary<string, Func<Device, Model>> Models = new()
    {
        ["CifarNet"] = static device => new Cifar10.CifarNet(seed: 1, device),
        ["ResidualNet"] = static device => new Cifar10.ResidualNet(seed: 1, device),
        ["SmallGpt"] = static device => new CharGpt.SmallGpt(seed: 1, device),
        ["DigitVae"] = static device => new Vae.DigitVae(seed: 1, device),
        ["ConvolutionModel"] = static device => new Digits.ConvolutionModel(seed: 1, device),
    };

    private static readonly Dictionary<string, Func<Device, Model>> Others = new()
    {
        ["RecurrentBuckets"] = static device => new RecurrentBuckets(seed: 1, device),
        ["ManyClasses"] = static device => new ManyClasses(seed: 1, device),
        ["TiedTable"] = static device => new TiedTable(seed: 1, device),
    };

    public static TheoryData<string> Names => [.. Models.Keys];

    public static TheoryData<string> AllNames => [.. Models.Keys, .. Others.Keys];

    [Theory]
    [MemberData(nameof(AllNames))]
    public void Gradients_that_are_announced_do_not_change_any_more(string name)
    {
        using var device = new CpuDevice { Threads = 2 };
        using var model = (Models.GetValueOrDefault(name) ?? Others[name])(device);
        AssertFinal(model, Samples.For(model, 32).Batches(32).First());
    }

    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(24)]
    public void Samples_of_each_length_announce_gradients_that_do_not_change_any_more(int length)
    {
        using var device = new CpuDevice { Threads = 2 };
        using var model = new RecurrentBuckets(seed: 1, device);
        var tokens = new int[32 * 24];
        for (var i = 0; i < tokens.Length; i++)
            tokens[i] = i % 24 < length ? 1 + (i % 299) : 0;
        var data = Dataset.FromColumns(DataColumn.Ints("input", tokens, 24), DataColumn.Ints("label", Enumerable.Range(0, 32).Select(static i => i % 3).ToArray()));
        AssertFinal(model, data.Batches(32).First());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void They_follow_each_other_from_the_end_of_the_buffer_and_are_most_of_it(string name)
    {
        using var device = new CpuDevice { Threads = 1 };
        using var model = Models[name](device);
        var recorder = new Recorder((CpuBuffer)model.OnDevice.Gradients);
        foreach (var batch in Samples.For(model, 32).Batches(32))
        {
            model.Forward(batch);
            model.Backward(batch, recorder);
        }

        var end = model.Description.TrainableFloats;
        foreach (var (from, to) in recorder.Ranges)
        {
            Assert.Equal(end, to);
            Assert.True(from < to && from % 16 == 0);
            end = from;
        }

        Assert.True(end < model.Description.TrainableFloats / 2, $"{end} of {model.Description.TrainableFloats} gradients were not announced.");
    }

    [Fact]
    public void A_pass_announces_nothing_to_those_who_do_not_ask()
    {
        using var model = new Cifar10.CifarNet(seed: 1);
        var recorder = new Recorder((CpuBuffer)model.OnDevice.Gradients);
        foreach (var batch in Samples.For(model, 8).Batches(4))
        {
            model.Forward(batch);
            model.Backward(batch, recorder);
            Assert.NotEmpty(recorder.Ranges);
            recorder.Clear();
            model.Forward(batch);
            model.Backward(batch);
            Assert.Empty(recorder.Ranges);
        }
    }

    private static void AssertFinal(Model model, Batch batch)
    {
        var gradients = (CpuBuffer)model.OnDevice.Gradients;
        var recorder = new Recorder(gradients);
        gradients.Fill(float.NaN);
        model.Forward(batch);
        model.Backward(batch, recorder);
        Assert.NotEmpty(recorder.Ranges);
        foreach (var (from, to) in recorder.Ranges)
            Assert.True(gradients.Span[from..to].SequenceEqual(recorder.Values.AsSpan(from..to)), $"{from} to {to}");
    }

    private sealed class Recorder(CpuBuffer gradients) : ICompletedGradients
    {
        private readonly Lock gate = new();

        public List<(int From, int To)> Ranges { get; } = [];

        public float[] Values { get; } = new float[gradients.Length];

        public void Clear()
        {
            Ranges.Clear();
            Array.Clear(Values);
        }

        public void Complete(Worker worker, int from, int to)
        {
            lock (gate)
            {
                if (worker.Index == 0)
                    Ranges.Add((from, to));

                // Each worker reads at its own moment.
                for (var i = from; i < to; i++)
                    Assert.True(Values[i] is 0 || Values[i].Equals(gradients.Span[i]));
                gradients.Span[from..to].CopyTo(Values.AsSpan(from));
            }
        }
    }
}
