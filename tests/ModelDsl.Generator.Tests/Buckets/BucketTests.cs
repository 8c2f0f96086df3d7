using ModelDsl.Compiled;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Tests.Generated;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Generator.Tests.Buckets;

/// <summary>A batch has the same results in every bucket that holds it.</summary>
public sealed class BucketTests(BucketModels compiled) : IClassFixture<BucketModels>
{
    private const InferParts Everything = InferParts.OutputActivation | InferParts.Loss;

    private static readonly (int Bits, int Workers)[] Machines = [(512, 1), (256, 2), (128, 3), (512, 4)];

    [Theory]
    [MemberData(nameof(BucketModels.Names), MemberType = typeof(BucketModels))]
    public void A_bucket_computes_what_the_graph_of_all_positions_says(string name)
    {
        using var device = new CpuDevice { Threads = 1 };
        using var model = compiled.Library[name].Create(device);
        var lowered = Lowering.Lower(compiled.Library[name].Spec);
        for (var bucket = 0; bucket < BucketModels.Lengths.Length; bucket++)
        {
            var sample = Sample.Random(lowered, n: 5, seed: bucket).Padded(0, 0, BucketModels.Lengths[bucket]);
            for (var loss = 0; loss < lowered.Losses.Count; loss++)
            {
                var reference = new Reference(lowered, sample, loss: loss);
                reference.AssertTrains(new ProgramRunner(model, 512) { Bucket = bucket }.Train(sample, loss: loss), $"{name}, {BucketModels.Lengths[bucket]} positions");
            }

            new Reference(lowered, sample).AssertInfers(new ProgramRunner(model, 512) { Bucket = bucket }.Infer(sample, Everything), $"{name}, {BucketModels.Lengths[bucket]} positions, inference");
        }
    }

    [Theory]
    [MemberData(nameof(BucketModels.FewNames), MemberType = typeof(BucketModels))]
    public void A_batch_has_equal_bits_in_all_buckets_that_hold_it(string name)
    {
        using var device = new CpuDevice { Threads = 1 };
        using var model = compiled.Library[name].Create(device);
        var lowered = Lowering.Lower(compiled.Library[name].Spec);
        foreach (var n in TestScale.IsFast ? new[] { 17 } : [1, 5, 16, 33])
        {
            for (var shortest = 0; shortest < BucketModels.Lengths.Length; shortest++)
            {
                var sample = Sample.Random(lowered, n, seed: shortest).Padded(0, 0, BucketModels.Lengths[shortest]);
                var inferred = new ProgramRunner(model, 512).Infer(sample, Everything);
                for (var loss = 0; loss < lowered.Losses.Count; loss++)
                {
                    var trained = new ProgramRunner(model, 512).Train(sample, loss: loss);
                    foreach (var (bits, workers) in Machines.Where(machine => Widths.ComparedBits.Contains(machine.Bits)))
                    {
                        for (var bucket = shortest; bucket < BucketModels.Lengths.Length; bucket++)
                        {
                            var how = $"{name}, {n} samples of {BucketModels.Lengths[shortest]} in {BucketModels.Lengths[bucket]} positions, {bits} bits, {workers} workers";
                            trained.AssertSameBits(new ProgramRunner(model, bits) { Bucket = bucket }.Train(sample, workers, loss), how);
                            inferred.AssertSameBits(new ProgramRunner(model, bits) { Bucket = bucket }.Infer(sample, Everything, workers), how + ", inference");
                        }
                    }
                }
            }
        }
    }

    /// <summary>
    /// Without buckets, the partial sums of gradients are divided evenly instead of at samples, so that gradients may be rounded in another way. With a single partial sum they are not.
    /// </summary>
    [Theory]
    [MemberData(nameof(BucketModels.Names), MemberType = typeof(BucketModels))]
    public void A_bucket_has_the_results_of_a_model_without_buckets(string name)
    {
        using var device = new CpuDevice { Threads = 1 };
        using var model = compiled.Library[name].Create(device);
        using var plain = compiled.Library["Plain" + name].Create(device);
        var lowered = Lowering.Lower(compiled.Library[name].Spec);
        for (var bucket = 0; bucket < BucketModels.Lengths.Length; bucket++)
        {
            var sample = Sample.Random(lowered, n: 33, seed: bucket).Padded(0, 0, BucketModels.Lengths[bucket]);
            for (var loss = 0; loss < lowered.Losses.Count; loss++)
            {
                var (expected, actual) = (new ProgramRunner(plain, 512).Train(sample, loss: loss), new ProgramRunner(model, 512) { Bucket = bucket }.Train(sample, loss: loss));
                foreach (var (key, values) in expected.Values)
                {
                    if (!sample.Parameters.ContainsKey(key)) Outcome.AssertSameBits(values, actual.Values[key], $"{name}: {key}");
                    var tolerance = 1e-6 * values.Max(Math.Abs);
                    Assert.All(values.Zip(actual.Values[key]), pair => Assert.InRange(pair.Second - pair.First, -tolerance, tolerance));
                }
            }

            new ProgramRunner(plain, 512).Infer(sample, Everything).AssertSameBits(new ProgramRunner(model, 512) { Bucket = bucket }.Infer(sample, Everything), name + ", inference");
        }
    }

    [Fact]
    public void A_model_without_buckets_has_no_trace_of_them() =>
        Assert.All(FilesOf("PlainEncoder"), file => Assert.DoesNotContain("Bucket", file.Text, StringComparison.Ordinal));

    /// <summary>Kernels whose only difference is the number of rows are one kernel, so three more plans do not take four times the text.</summary>
    [Theory]
    [InlineData("Mean", 1.7)]
    [InlineData("Both", 2.7)]
    [InlineData("Encoder", 2.2)]
    public void Buckets_share_kernels(string name, double most)
    {
        var (with, without) = (FilesOf(name).Sum(file => file.Text.Length), FilesOf("Plain" + name).Sum(file => file.Text.Length));

        Assert.True(with <= most * without, $"{with} characters with three buckets, {without} without");
    }

    private (string Name, string Text)[] FilesOf(string model) =>
        [.. compiled.Library.Files.Where(file => file.Key.Split('.').Contains(model)).Select(file => (file.Key, file.Value))];
}
