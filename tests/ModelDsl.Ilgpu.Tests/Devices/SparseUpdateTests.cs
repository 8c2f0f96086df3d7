using ModelDsl.Ilgpu.Tests.Support;

namespace ModelDsl.Ilgpu.Tests.Devices;

/// <summary>Sparse updates of embeddings, which GPUs do not have.</summary>
[Collection(SharedDevice.Name)]
public class SparseUpdateTests(SharedDevice shared)
{
    [Fact]
    public void An_update_is_refused_and_says_what_to_do()
    {
        using var model = new SparseWords(seed: 1, shared.Device);
        var batch = Batch.Of(2, [1, 2, 3, 4], [0, 1]);
        model.Forward(batch);
        model.Backward(batch);
        var message = Assert.Throws<NotSupportedException>(() => new Adam(0.1).Update(model)).Message;
        Assert.Contains("'embedding1.weight' of SparseWords has sparse updates, which only CPUs have", message, StringComparison.Ordinal);
    }
}

/// <summary>A classifier whose steps update only the rows of the tokens in their batch.</summary>
[Model, TokenInput(2, 5), Embedding(3, SparseUpdates = true), Flatten, Dense(2), SoftmaxCrossEntropy]
public partial class SparseWords;
