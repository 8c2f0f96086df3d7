using ModelDsl.Sessions;

namespace ModelDsl;

/// <content>The computation: chunks of positions, and single ones.</content>
public sealed partial class GenerationSession
{
    /// <summary>For fewer tokens than this fraction of a chunk, computing single positions is faster.</summary>
    private const int ChunkShare = 4;

    /// <summary>The logits for the next token of a text.</summary>
    internal ReadOnlySpan<float> LogitsOf(int sample) => logits.AsSpan(sample * Vocabulary, Vocabulary);

    internal void Finish(int sample, FinishReason reason) => reasons[sample] = reason;

    /// <summary>Appends checked tokens.</summary>
    /// <param name="tokens">The tokens, in the order of the texts.</param>
    /// <param name="counts">The number of tokens for each text.</param>
    internal void Advance(ReadOnlySpan<int> tokens, ReadOnlySpan<int> counts)
    {
        for (var sample = 0; sample < Samples; sample++)
        {
            tokens[..counts[sample]].CopyTo(history.AsSpan((sample * Context) + lengths[sample]));
            tokens = tokens[counts[sample]..];
        }

        Compute(counts, []);
    }

    /// <summary>Appends at most one token to each text.</summary>
    /// <param name="tokens">A token for each text.</param>
    /// <param name="counts">1 for a text that gets its token, otherwise 0.</param>
    internal void AdvanceOne(ReadOnlySpan<int> tokens, ReadOnlySpan<int> counts)
    {
        for (var sample = 0; sample < Samples; sample++)
        {
            if (counts[sample] > 0)
                history[(sample * Context) + lengths[sample]] = tokens[sample];
        }

        Compute(counts, []);
    }

    /// <summary>
    /// Removes the older half of a text that fills the context, and computes the rest again from position 0. If nothing but the states of recurrences depends on positions, the
    /// states are moved instead: they stay the same.
    /// </summary>
    internal void Slide(int sample)
    {
        var text = history.AsSpan(sample * Context, lengths[sample]);
        var kept = text.Length / 2;
        text[^kept..].CopyTo(text);
        if (generation.HasStatesOnly)
        {
            workspace.MoveToStart(sample, text.Length - kept, kept);
            lengths[sample] = kept;
            return;
        }

        workspace.Clear(sample, 0);
        lengths[sample] = 0;
        Array.Clear(only);
        only[sample] = kept;
        Compute(only, []);
    }

    /// <summary>Computes the logits of texts whose last tokens were removed.</summary>
    internal void EnsureLogits()
    {
        for (var sample = 0; sample < Samples; sample++)
        {
            if (hasLogits[sample] || lengths[sample] == 0)
                continue;
            lengths[sample]--;
            Array.Clear(only);
            only[sample] = 1;
            Compute(only, []);
        }
    }

    /// <summary>Computes positions whose tokens follow the texts in the history.</summary>
    /// <param name="counts">The number of positions for each text.</param>
    /// <param name="all">Receives the logits of all positions of the only text; empty if only those of the last position are needed.</param>
    private void Compute(ReadOnlySpan<int> counts, Span<float> all)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (Interlocked.Exchange(ref busy, 1) != 0)
            throw new InvalidOperationException("The session is being used by another thread: give each thread a session of its own.");
        try
        {
            using var access = model.Read();
            if (model.WeightsVersion != weights)
                throw WeightsChanged();
            counts.CopyTo(left);
            for (var most = Most(); most > 0; most = Most())
            {
                var (single, chunk) = (generation.Chunks.Length - 1, generation.Chunks[0]);
                var plan = most * ChunkShare >= chunk ? 0 : single;
                var needsLogits = all.Length > 0 || IsAnyLast(generation.Chunks[plan]);
                Fill(plan);
                workspace.Run(plan, batches[plan], needsLogits);
                all = Take(plan, needsLogits, all);
            }
        }
        finally
        {
            Volatile.Write(ref busy, 0);
        }
    }

    private int Most()
    {
        var most = 0;
        foreach (var count in left)
            most = Math.Max(most, count);
        return most;
    }

    /// <summary>Whether the next tokens of any text include its last one.</summary>
    private bool IsAnyLast(int rows)
    {
        foreach (var count in left)
        {
            if (count > 0 && count <= rows)
                return true;
        }

        return false;
    }

    /// <summary>
    /// Fills the columns of a plan. A text with fewer tokens repeats its last one at its position, which writes the same values again, or values that the next token overwrites.
    /// </summary>
    private void Fill(int plan)
    {
        var rows = generation.Chunks[plan];
        var tokens = batches[plan].Ints(0);
        var positions = batches[plan].Ints(1);
        for (var sample = 0; sample < Samples; sample++)
        {
            var last = Math.Max(0, lengths[sample] + Math.Min(left[sample], rows) - 1);
            for (var row = 0; row < rows; row++)
            {
                var position = Math.Min(lengths[sample] + row, last);
                tokens[(sample * rows) + row] = history[(sample * Context) + position];
                positions[(sample * rows) + row] = position;
            }
        }
    }

    /// <summary>Copies the logits of the last positions of texts, or of all positions that a plan has computed, and adds the positions to the texts.</summary>
    /// <returns>The memory for the logits of later positions.</returns>
    private Span<float> Take(int plan, bool hasAny, Span<float> all)
    {
        var rows = generation.Chunks[plan];
        var results = hasAny ? workspace.ReadLogits(plan) : [];
        for (var sample = 0; sample < Samples; sample++)
        {
            var taken = Math.Min(left[sample], rows);
            if (taken == 0)
                continue;
            (lengths[sample], left[sample], hasLogits[sample]) = (lengths[sample] + taken, left[sample] - taken, left[sample] == taken);
            if (!hasAny)
                continue;
            var own = results.Slice(sample * rows * Vocabulary, taken * Vocabulary);
            if (all.Length > 0)
            {
                own.CopyTo(all);
                all = all[own.Length..];
            }

            if (hasLogits[sample])
                own[^Vocabulary..].CopyTo(logits.AsSpan(sample * Vocabulary));
        }

        return all;
    }
}
