using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharpPeer;

/// <summary>A GPT that keeps the keys and values of earlier positions, [N, heads, context, width / heads] for each layer.</summary>
internal sealed class Decoder(Gpt model, int batch)
{
    private readonly Tensor[] keys = [.. model.Layers.Select(_ => Cache(model.Shape, batch))];
    private readonly Tensor[] values = [.. model.Layers.Select(_ => Cache(model.Shape, batch))];

    /// <summary>Returns the logits [N, vocabulary] for the token after one token [N, 1] at a position, or after a prompt [N, T] at position 0.</summary>
    public Tensor Append(Tensor tokens, long position)
    {
        var end = position + tokens.shape[1];
        var x = model.Embed(tokens, position);
        foreach (var (index, layer) in model.Layers.Index())
        {
            var parts = layer.QueriesKeysValues(x);
            keys[index].slice(2, position, end, 1).copy_(parts[1]);
            values[index].slice(2, position, end, 1).copy_(parts[2]);
            x = layer.BehindAttention(
                x, functional.scaled_dot_product_attention(parts[0], keys[index].slice(2, 0, end, 1), values[index].slice(2, 0, end, 1), is_casual: tokens.shape[1] > 1));
        }

        return model.Logits(x.select(1, -1));
    }

    /// <summary>Compares all logits with those of the model without a cache.</summary>
    /// <exception cref="InvalidOperationException">They differ.</exception>
    public void Check(Tensor tokens, Tensor[] columns)
    {
        using var scope = NewDisposeScope();
        var expected = model.call(tokens);
        for (var position = 0; position < columns.Length; position++)
            Same(Append(columns[position], position), expected.select(1, position));
        Same(Append(tokens, 0), expected.select(1, -1));
    }

    private static void Same(Tensor logits, Tensor expected)
    {
        var difference = (logits - expected).abs().max().item<float>();
        if (!(difference < 1e-4))
            throw new InvalidOperationException($"With the cache the logits differ by {difference} from those without.");
    }

    private static Tensor Cache(GptShape shape, int batch) => zeros(batch, shape.Heads, shape.Context, shape.Width / shape.Heads);
}
