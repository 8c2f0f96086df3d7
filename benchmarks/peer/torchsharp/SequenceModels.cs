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
    private readonly long heads;

    public GptLayer(long width, long heads)
        : base(nameof(GptLayer))
    {
        this.heads = heads;
        (norm1, projection, attended) = (LayerNorm(width), Linear(width, 3 * width), Linear(width, width));
        (norm2, linear1, linear2) = (LayerNorm(width), Linear(width, 4 * width), Linear(4 * width, width));
        RegisterComponents();
    }

    /// <summary>Three tensors in one, each [N, heads, T, width / heads].</summary>
    public Tensor QueriesKeysValues(Tensor x) =>
        projection.call(norm1.call(x)).view(x.shape[0], x.shape[1], 3, heads, x.shape[2] / heads).permute(2, 0, 3, 1, 4);

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

/// <summary>The sizes of a GPT, and whether the table of tokens is also the weight of the logits.</summary>
internal sealed record GptShape(int Layers, int Width, int Heads, int Context, int Vocabulary, bool IsTied)
{
    /// <summary>Four layers, 128 wide, with four heads, over 128 bytes.</summary>
    public static GptShape Small { get; } = new(4, 128, 4, 128, 256, IsTied: false);

    /// <summary>The same layers over 64 of 67 characters.</summary>
    public static GptShape Characters { get; } = new(4, 128, 4, 64, 67, IsTied: false);

    /// <summary>GPT-2 with 124 million weights.</summary>
    public static GptShape Gpt2 { get; } = new(12, 768, 12, 1024, 50_257, IsTied: true);
}

/// <summary>A GPT: a logit for each token at each position.</summary>
internal sealed class Gpt : Module<Tensor, Tensor>
{
    private readonly Embedding tokens;
    private readonly Parameter positions;
    private readonly ModuleList<GptLayer> layers;
    private readonly LayerNorm norm;
    private readonly Linear? head;

    public Gpt(GptShape shape)
        : base(nameof(Gpt))
    {
        Shape = shape;
        (tokens, positions) = (Embedding(shape.Vocabulary, shape.Width), new Parameter(0.02 * randn(shape.Context, shape.Width)));
        layers = ModuleList([.. Enumerable.Range(0, shape.Layers).Select(_ => new GptLayer(shape.Width, shape.Heads))]);
        norm = LayerNorm(shape.Width);
        if (shape.IsTied)
            init.normal_(tokens.weight!, std: 0.02);
        else
            head = Linear(shape.Width, shape.Vocabulary, hasBias: false);
        RegisterComponents();
    }

    public GptShape Shape { get; }

    public IEnumerable<GptLayer> Layers => layers;

    /// <summary>What the first layer reads: the rows of tokens [N, T] and of their positions, the first of which is given.</summary>
    public Tensor Embed(Tensor ids, long position) => tokens.call(ids) + positions.slice(0, position, position + ids.shape[1], 1);

    public Tensor Logits(Tensor x) => head is null ? functional.linear(norm.call(x), tokens.weight!) : head.call(norm.call(x));

    public override Tensor forward(Tensor input) => Logits(layers.Aggregate(Embed(input, 0), (x, layer) => layer.call(x)));
}
