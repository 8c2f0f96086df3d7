using ModelDsl;

namespace Embeddings;

/// <summary>Texts as the model reads them, and their vectors.</summary>
internal sealed class Sentences : IDisposable
{
    /// <summary>The number of elements of a vector.</summary>
    public const int Width = 384;

    /// <summary>The largest number of tokens of a text: two places are taken by the special tokens before and after it. Tokens after them are left out.</summary>
    public const int MostTokens = SentenceEncoder.Length - 2;

    /// <summary>The file with the weights, which the build has copied beside the program.</summary>
    public const string WeightsName = "MiniLM.safetensors";

    private readonly SentenceEncoder model = SentenceEncoder.FromWeights();
    private readonly WordPieceTokenizer tokenizer;

    /// <param name="folder">The folder with the vocabulary: that of the program, into which the build has copied it.</param>
    public Sentences(string folder) => tokenizer = WordPieceTokenizer.Load(Path.Combine(folder, "vocab.txt"));

    /// <summary>Returns the number of tokens of a text, without the special ones.</summary>
    public int Count(string text) => tokenizer.Encode(text).Length;

    /// <summary>Returns the vector of a text. Thread-safe.</summary>
    public float[] Encode(string text)
    {
        int[] ids = [tokenizer.ClassificationId!.Value, .. tokenizer.Encode(text).Take(MostTokens), tokenizer.SeparatorId!.Value];
        var tokens = new int[SentenceEncoder.Length];
        var mask = new float[SentenceEncoder.Length];
        Array.Fill(tokens, tokenizer.PaddingId);
        ids.CopyTo(tokens, 0);
        Array.Fill(mask, 1, 0, ids.Length);
        return model.Predict(tokens, mask, new int[SentenceEncoder.Length]);
    }

    public void Dispose() => model.Dispose();
}
