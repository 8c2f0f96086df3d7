using System.Numerics;
using ModelDsl;
using ModelDsl.Compiled;

namespace MaskedLanguage;

/// <summary>
/// Texts in which some characters are hidden, as for BERT (Devlin et al., 2019): 15 % of the characters of a text are targets. Of these 80 % become the mask, 10 % another character at random,
/// and 10 % stay, so that the model has to understand characters that it sees, too. A sample has other targets in each epoch.
/// </summary>
internal sealed class MaskedTexts : Dataset
{
    /// <summary>The number of positions of targets in a sample. A short text does not use all of them.</summary>
    public const int Targets = ReviewTexts.Length * 15 / 100;

    /// <summary>The label of positions that are not in use.</summary>
    public const int NoLabel = -100;

    private readonly List<int[]> samples;
    private readonly int ids;

    /// <summary>Divides texts into samples.</summary>
    /// <param name="texts">The texts. A long one becomes several samples.</param>
    /// <param name="tokenizer">The characters that have a token.</param>
    public MaskedTexts(IEnumerable<string> texts, CharacterTokenizer tokenizer)
    {
        samples = [.. texts.SelectMany(text => tokenizer.Encode(text).Chunk(ReviewTexts.Length))];
        ids = tokenizer.VocabularySize;
    }

    /// <inheritdoc/>
    public override int Count => samples.Count;

    /// <inheritdoc/>
    public override IReadOnlyList<ColumnDescription> Columns { get; } =
    [
        new("tokens", ColumnType.Int, [ReviewTexts.Length]), new("positions", ColumnType.Int, [Targets]), new("label", ColumnType.Int, [Targets]),
    ];

    /// <inheritdoc/>
    protected override void FillRows(ReadOnlySpan<int> indices, Batch batch)
    {
        for (var i = 0; i < indices.Length; i++)
        {
            Fill(samples[indices[i]], RandomOf(batch.Pass, indices[i]),
                batch.Ints(0).Slice(i * ReviewTexts.Length, ReviewTexts.Length), batch.Ints(1).Slice(i * Targets, Targets), batch.Ints(2).Slice(i * Targets, Targets));
        }
    }

    private void Fill(int[] text, Random random, Span<int> tokens, Span<int> positions, Span<int> labels)
    {
        // The token of padding is 0.
        tokens[text.Length..].Clear();
        text.CopyTo(tokens);
        positions.Clear();
        labels.Fill(NoLabel);

        // Unknown characters are all the same token, so there is nothing to guess.
        int[] known = [.. Enumerable.Range(0, text.Length).Where(position => text[position] != CharacterTokenizer.Unknown)];
        random.Shuffle(known);
        var count = Math.Min(known.Length, Math.Max(1, text.Length * 15 / 100));
        for (var i = 0; i < count; i++)
        {
            positions[i] = known[i];
            labels[i] = text[known[i]];
            tokens[known[i]] = random.Next(10) switch
            {
                < 8 => ReviewTexts.Mask,
                8 => random.Next(CharacterTokenizer.Unknown + 1, ids),
                _ => labels[i],
            };
        }
    }

    /// <summary>Random numbers that depend on the seed, the epoch and the sample, and on nothing else.</summary>
    private static Random RandomOf(DataPass pass, int index) =>
        new((int)BitOperations.Crc32C(BitOperations.Crc32C(BitOperations.Crc32C(0, pass.Seed), pass.Number), (uint)index));
}
