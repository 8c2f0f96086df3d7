using ModelDsl.Compiled;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Runtime.Tests.Models;

/// <summary>A model with buckets runs the shortest plan that holds a batch, and its results are those of a model without.</summary>
public sealed class BucketTests
{
    private const int Samples = 16;

    public static TheoryData<string, int> Nets => new() { { "Lstm", 1 }, { "Lstm", 2 }, { "Lstm", 4 }, { "Sparse", 1 }, { "Sparse", 3 } };

    [Fact]
    public void The_longest_sample_decides_the_bucket()
    {
        var buckets = new BucketNet().Description.Buckets!;

        Assert.Equal(0, buckets.BucketOf(BatchOf(8, 3)));
        Assert.Equal(0, buckets.BucketOf(BatchOf(0, 0)));
        Assert.Equal(1, buckets.BucketOf(BatchOf(1, 9)));
        Assert.Equal(1, buckets.BucketOf(BatchOf(16, 2)));
        Assert.Equal(2, buckets.BucketOf(BatchOf(3, 17)));
        Assert.Equal(2, buckets.BucketOf(BatchOf(40, 8, 12)));
    }

    [Theory]
    [MemberData(nameof(Nets))]
    public void Training_in_changing_buckets_has_the_bits_of_training_without(string net, int threads)
    {
        using var device = new CpuDevice { Threads = threads };
        using Model model = net == "Lstm" ? new BucketNet(seed: 2, device) : new SparseBucketNet(seed: 2, device);
        using Model plain = net == "Lstm" ? new UnbucketedNet(seed: 2, device) : new SparseUnbucketedNet(seed: 2, device);
        var (optimizer, other) = (new Adam(1e-2), new Adam(1e-2));
        foreach (var longest in new[] { 40, 8, 16, 7, 40, 12, 30, 1 })
        {
            var batch = Longest(longest);
            foreach (var (one, updates) in new[] { (model, optimizer), (plain, other) })
            {
                one.Forward(batch);
                one.Backward(batch);
                updates.Update(one);
            }

            Assert.Equal(Bits([plain.LastLoss]), Bits([model.LastLoss]));
            Assert.Equal(Bits(plain.LastOutputs()), Bits(model.LastOutputs()));
            foreach (var (expected, actual) in plain.Gradients.Zip(model.Gradients)) Assert.Equal(Bits(expected.ToArray()), Bits(actual.ToArray()));
            foreach (var (expected, actual) in plain.Parameters.Zip(model.Parameters)) Assert.Equal(Bits(expected.ToArray()), Bits(actual.ToArray()));
        }
    }

    [Fact]
    public void A_prediction_does_not_depend_on_the_bucket()
    {
        using var model = new BucketNet(seed: 2);
        var (both, one) = (BatchOf(5, 40), BatchOf(5));

        Assert.Equal(Bits(model.Predict(both.Ints(0)).AsSpan(0, 3)), Bits(model.Predict(one.Ints(0))));
    }

    [Fact]
    public void Steps_allocate_nothing_after_the_first_batch_of_each_bucket()
    {
        using var model = new BucketNet(seed: 2);
        var optimizer = new Adam(1e-2);
        Batch[] batches = [Longest(8), Longest(16), Longest(40)];
        var results = new float[Samples * 3];

        Assert.Equal(0, Allocation.Least(() =>
        {
            foreach (var batch in batches)
            {
                model.Forward(batch);
                model.Backward(batch);
                optimizer.Update(model);
                model.Predict(batch.Ints(0), results);
            }
        }));
    }

    [Fact]
    public void All_buckets_use_the_memory_of_the_largest()
    {
        long Bytes(Model model)
        {
            using (model)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                model.EnsureBatchCapacity(4096);
                return GC.GetAllocatedBytesForCurrentThread() - before;
            }
        }

        Assert.InRange(Bytes(new BucketNet()), Bytes(new UnbucketedNet()) * 0.99, Bytes(new UnbucketedNet()) * 1.01);
    }

    private static Batch BatchOf(params int[] lengths) => BucketNet.Texts(lengths).Batches(lengths.Length).First();

    private static Batch Longest(int longest) => BatchOf([longest, .. Enumerable.Range(1, Samples - 1).Select(i => i * 7 % (longest + 1))]);

    private static int[] Bits(ReadOnlySpan<float> values) => [.. values.ToArray().Select(BitConverter.SingleToInt32Bits)];
}
