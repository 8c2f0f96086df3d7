using System.Text.Json;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Runtime.Tests.Optimizers;

/// <summary>A table of which a step updates the rows that its batch names. Rows are no multiple of a vector.</summary>
[Model, TokenInput(3, Rows), Embedding(Width, SparseUpdates = true), MeanSquaredError]
internal sealed partial class SparseTable
{
    public const int Rows = 9, Width = 19;
}

/// <summary>A table that is updated as a whole.</summary>
[Model, TokenInput(3, SparseTable.Rows), Embedding(SparseTable.Width), MeanSquaredError]
internal sealed partial class DenseTable;

/// <summary>A table in a network, whose other weights every step updates.</summary>
[Model, TokenInput(3, SparseTable.Rows), Embedding(SparseTable.Width, SparseUpdates = true, WeightDecay = 0.01), Flatten, Dense(4), Tanh, Dense(3), SoftmaxCrossEntropy]
internal sealed partial class SparseNet;

public sealed class SparseUpdateTests
{
    private const int Samples = 4;

    private static readonly int[] Some = [0, 3, 3, 5, 0, 0, 3, 5, 5, 0, 3, 0], Others = [1, 3, 8, 1, 1, 1, 8, 8, 3, 1, 1, 1];

    [Fact]
    public void Adam_is_the_sparse_adam_of_pytorch()
    {
        using var vectors = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "vectors", "sparse_updates.json")));
        var root = vectors.RootElement;
        using var model = new SparseTable();
        var table = model.Parameters["embedding1.weight"];
        table.CopyFrom(Floats(root.GetProperty("start")));
        var optimizer = PyTorchOptimizer.Create("Adam", root.GetProperty("options"));
        for (var step = 0; step < root.GetProperty("ids").GetArrayLength(); step++)
        {
            var ids = root.GetProperty("ids")[step].EnumerateArray().Select(id => id.GetInt32()).ToArray();
            Step(model, optimizer, Batch.Of(Samples, ids, Floats(root.GetProperty("targets")[step])));
            Assert.Equal(Floats(root.GetProperty("tables")[step]), table.ToArray(), (expected, actual) => Math.Abs(expected - actual) < 2e-6f);
        }
    }

    [Fact]
    public void Rows_that_a_batch_does_not_name_keep_their_bits_and_have_no_gradient()
    {
        using var model = new SparseTable(seed: 1);
        var (table, optimizer) = (model.Parameters["embedding1.weight"], new Adam(0.1));
        Step(model, optimizer, Some);
        var before = table.ToArray();

        Step(model, optimizer, Others);

        var (after, gradient) = (table.ToArray(), model.Gradients["embedding1.weight"].ToArray());
        for (var row = 0; row < SparseTable.Rows; row++)
        {
            var range = (row * SparseTable.Width)..((row + 1) * SparseTable.Width);
            Assert.Equal(Others.Contains(row), !before[range].SequenceEqual(after[range]));
            Assert.Equal(Others.Contains(row), gradient[range].Any(value => value != 0));
        }
    }

    [Fact]
    public void A_batch_that_names_every_row_updates_the_whole_table()
    {
        int[] all = [0, 1, 2, 3, 4, 5, 6, 7, 8, 8, 7, 6];
        using var sparse = new SparseTable(seed: 1);
        using var dense = new DenseTable(seed: 1);
        Optimizer[] optimizers = [new Adam(0.01), new Adam(0.01)];
        for (var step = 0; step < 5; step++)
        {
            Step(sparse, optimizers[0], all);
            Step(dense, optimizers[1], all);
        }

        Assert.Equal(dense.Parameters["embedding1.weight"].ToArray(), sparse.Parameters["embedding1.weight"].ToArray());
    }

    [Fact]
    public void An_optimizer_without_states_makes_no_difference_even_with_a_limit_of_the_norm()
    {
        using var sparse = new SparseTable(seed: 1);
        using var dense = new DenseTable(seed: 1);
        foreach (var ids in new[] { Some, Others, Some })
        {
            Step(sparse, new Sgd(0.5) { ClipNorm = 0.01 }, ids);
            Step(dense, new Sgd(0.5) { ClipNorm = 0.01 }, ids);
        }

        Assert.Equal(dense.Parameters["embedding1.weight"].ToArray(), sparse.Parameters["embedding1.weight"].ToArray());
    }

    [Theory]
    [InlineData(512, 3)]
    [InlineData(256, 2)]
    [InlineData(128, 4)]
    public void Threads_and_vectors_change_no_bits(int bits, int threads)
    {
        using var one = new CpuDevice { Threads = 1 };
        using var other = new CpuDevice { Threads = threads, VectorBits = bits };
        Assert.Equal(Trained(one), Trained(other));

        static float[] Trained(CpuDevice device)
        {
            using var model = new SparseNet(seed: 1, device);
            var optimizer = new AdamW(0.01);
            foreach (var ids in new[] { Some, Others, Some, Others })
                Step(model, optimizer, Batch.Of(Samples, ids, [0, 1, 2, 1]));

            return [.. model.Parameters.SelectMany(parameter => parameter.ToArray())];
        }
    }

    [Fact]
    public void Steps_allocate_nothing()
    {
        using var model = new SparseNet(seed: 1);
        var optimizer = new Adam(0.01);
        Batch[] batches = [Batch.Of(Samples, Some, [0, 1, 2, 1]), Batch.Of(Samples, Others, [0, 1, 2, 1])];
        Assert.Equal(0, Allocation.Least(() =>
        {
            foreach (var batch in batches)
                Step(model, optimizer, batch);
        }));
    }

    private static void Step(Model model, Optimizer optimizer, int[] ids) =>
        Step(model, optimizer, Batch.Of(Samples, ids, [.. Enumerable.Range(0, ids.Length * SparseTable.Width).Select(i => (float)Math.Sin(i))]));

    private static void Step(Model model, Optimizer optimizer, Batch batch)
    {
        model.Forward(batch);
        model.Backward(batch);
        optimizer.Update(model);
    }

    private static float[] Floats(JsonElement values) => [.. values.EnumerateArray().Select(value => value.GetSingle())];
}
