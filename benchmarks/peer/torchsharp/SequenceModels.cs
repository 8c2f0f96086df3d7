using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharpPeer;

/// <summary>An LSTM over 128 positions of 128 values: its output at each of them.</summary>
internal sealed class LstmModel : Module<Tensor, Tensor>
{
    private readonly LSTM lstm;

    public LstmModel()
        : base(nameof(LstmModel))
    {
        lstm = LSTM(128, 128, batchFirst: true);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => lstm.call(input).Item1;
}

/// <summary>Two classes of texts of 100 tokens: an embedding, a convolution, an LSTM.</summary>
internal sealed class TextModel : Module<Tensor, Tensor>
{
    private readonly Embedding embedding;
    private readonly Conv1d convolution;
    private readonly LSTM lstm;
    private readonly Linear dense;

    public TextModel()
        : base(nameof(TextModel))
    {
        (embedding, convolution) = (Embedding(20_000, 32), Conv1d(32, 32, 7));
        (lstm, dense) = (LSTM(32, 50, batchFirst: true), Linear(50, 2));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        var x = functional.relu(convolution.call(embedding.call(input).transpose(1, 2)));
        x = functional.max_pool1d(x, 5).transpose(1, 2);
        return dense.call(lstm.call(x).Item1.select(1, -1));
    }
}

/// <summary>Causal attention and two dense layers, each after a normalization and with a way around it.</summary>
internal sealed class GptLayer : Module<Tensor, Tensor>
{
    private readonly LayerNorm norm1;
    private readonly LayerNorm norm2;
    private readonly Linear projection;
    private readonly Linear attended;
    private readonly Linear linear1;
    private readonly Linear linear2;

    public GptLayer(long width)
        : base(nameof(GptLayer))
    {
        (norm1, projection, attended) = (LayerNorm(width), Linear(width, 3 * width), Linear(width, width));
        (norm2, linear1, linear2) = (LayerNorm(width), Linear(width, 4 * width), Linear(4 * width, width));
        RegisterComponents();
    }

    /// <summary>Three tensors in one, each [N, heads, T, width / heads].</summary>
    public Tensor QueriesKeysValues(Tensor x) =>
        projection.call(norm1.call(x)).view(x.shape[0], x.shape[1], 3, Gpt.Heads, x.shape[2] / Gpt.Heads).permute(2, 0, 3, 1, 4);

    public Tensor BehindAttention(Tensor x, Tensor values)
    {
        x += attended.call(values.transpose(1, 2).reshape(x.shape));
        return x + linear2.call(functional.gelu(linear1.call(norm2.call(x))));
    }

    public override Tensor forward(Tensor input)
    {
        var parts = QueriesKeysValues(input);
        return BehindAttention(input, functional.scaled_dot_product_attention(parts[0], parts[1], parts[2], is_casual: true));
    }
}

/// <summary>A GPT of four layers, 128 wide, with four heads, over 128 bytes: a logit for each byte at each position.</summary>
internal sealed class Gpt : Module<Tensor, Tensor>
{
    public const int Context = 128;
    public const int Vocabulary = 256;
    public const int Heads = 4;
    public const int Width = 128;

    private readonly Embedding tokens;
    private readonly Parameter positions;
    private readonly ModuleList<GptLayer> layers;
    private readonly LayerNorm norm;
    private readonly Linear head;

    public Gpt()
        : base(nameof(Gpt))
    {
        (tokens, positions) = (Embedding(Vocabulary, Width), new Parameter(0.02 * randn(Context, Width)));
        layers = ModuleList([.. Enumerable.Range(0, 4).Select(_ => new GptLayer(Width))]);
        (norm, head) = (LayerNorm(Width), Linear(Width, Vocabulary, hasBias: false));
        RegisterComponents();
    }

    public IEnumerable<GptLayer> Layers => layers;

    /// <summary>What the first layer reads: the rows of tokens [N, T] and of their positions, the first of which is given.</summary>
    public Tensor Embed(Tensor ids, long position) => tokens.call(ids) + positions.slice(0, position, position + ids.shape[1], 1);

    public Tensor Logits(Tensor x) => head.call(norm.call(x));

    public override Tensor forward(Tensor input) => Logits(layers.Aggregate(Embed(input, 0), (x, layer) => layer.call(x)));
}
