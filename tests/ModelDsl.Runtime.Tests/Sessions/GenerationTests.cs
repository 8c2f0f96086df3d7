namespace ModelDsl.Runtime.Tests.Sessions;

/// <summary>Generating: the model's most likely tokens, stops, several texts at a time, and nothing allocated for a token.</summary>
public class GenerationTests
{
    private static readonly GenerationOptions Random = new() { Temperature = 1.5, Seed = 3 };

    [Fact]
    public void Greedy_decoding_takes_the_most_likely_token_of_the_whole_forward_pass()
    {
        using var model = new WriterModel(seed: 2);
        var text = new List<int> { 3, 1 };
        while (text.Count < WriterModel.Context)
        {
            var logits = model.PredictLogits([.. text, .. new int[WriterModel.Context - text.Count]]).AsSpan((text.Count - 1) * WriterModel.Vocabulary, WriterModel.Vocabulary);
            text.Add(logits.IndexOf(logits.ToArray().Max()));
        }

        using var session = model.CreateSession();
        Assert.Equal(text.Skip(2), session.Generate(new[] { 3, 1 }).Take(WriterModel.Context - 2));
    }

    [Fact]
    public void The_same_seed_gives_the_same_text_and_another_seed_another()
    {
        using var model = new WriterModel(seed: 2);
        int[] Text(int seed)
        {
            using var session = model.CreateSession();
            return [.. session.Generate(new[] { 3 }, new() { Temperature = 1.5, Seed = seed })];
        }

        Assert.Equal(Text(1), Text(1));
        Assert.NotEqual(Text(1), Text(2));
    }

    [Fact]
    public void A_text_ends_after_so_many_tokens_at_a_stop_token_at_the_end_of_the_context_or_when_cancelled()
    {
        using var model = new WriterModel(seed: 2);
        using var session = model.CreateSession();
        int[] prompt = [3, 1];

        Assert.Equal(4, session.Generate(prompt, new() { MaxNewTokens = 4 }).Count());
        Assert.Equal(FinishReason.Length, session.FinishReason);

        session.Truncate(0);
        var all = session.Generate(prompt, Random).ToArray();
        Assert.Equal(WriterModel.Context - 2 + 1, all.Length);
        Assert.Equal(FinishReason.Length, session.FinishReason);

        session.Truncate(0);
        var before = session.Generate(prompt, new() { Temperature = 1.5, Seed = 3, StopTokens = [all[5]] }).ToArray();
        Assert.Equal(all.TakeWhile(token => token != all[5]), before);
        Assert.Equal(FinishReason.Stop, session.FinishReason);

        session.Truncate(0);
        using var source = new CancellationTokenSource();
        foreach (var token in session.Generate(prompt, Random, source.Token)) source.Cancel();
        Assert.Equal(FinishReason.Cancelled, session.FinishReason);
        Assert.Equal(2, session.Position);
    }

    [Fact]
    public void A_text_slides_on_as_if_it_began_with_its_later_half()
    {
        using var model = new WriterModel(seed: 2);
        using var session = model.CreateSession();
        var text = session.Generate(new[] { 3, 1 }, new() { MaxNewTokens = 40, AtContextEnd = ContextEnd.Slide }).ToArray();
        Assert.Equal(40, text.Length);

        // The last token is not appended yet: it is the answer to those that are.
        using var other = model.CreateSession();
        Assert.Equal(text[^1], other.Generate(session.TokensOf(0).ToArray()).First());
        Assert.InRange(session.Position, WriterModel.Context / 2, WriterModel.Context);
    }

    [Fact]
    public async Task Asynchronous_generation_gives_the_same_text()
    {
        using var model = new WriterModel(seed: 2);
        using var session = model.CreateSession();
        var expected = session.Generate(new[] { 3 }, Random).ToArray();
        session.Truncate(0);

        var text = new List<int>();
        await foreach (var token in session.GenerateAsync(new[] { 3 }, Random)) text.Add(token);

        Assert.Equal(expected, text);
        Assert.Equal(FinishReason.Length, session.FinishReason);
    }

    [Fact]
    public async Task Asynchronous_generation_is_cancelled_by_either_token()
    {
        using var model = new WriterModel(seed: 2);
        using var session = model.CreateSession();
        using var source = new CancellationTokenSource();
        await foreach (var token in session.GenerateAsync(new[] { 3 }, Random).WithCancellation(source.Token)) await source.CancelAsync();
        Assert.Equal(FinishReason.Cancelled, session.FinishReason);
    }

    [Fact]
    public void Prompts_of_different_lengths_in_one_batch_give_the_texts_that_each_gives_alone()
    {
        using var model = new WriterModel(seed: 2);
        int[][] prompts = [[3], [1, 2, 4, 5, 6, 0, 1], [5, 5, 2]];
        var options = new GenerationOptions { MaxNewTokens = 7, StopTokens = [4] };
        var alone = prompts.Select(prompt =>
        {
            using var one = model.CreateSession();
            return one.Generate(prompt, options).ToArray();
        }).ToArray();

        using var session = model.CreateSession(samples: 3);
        var texts = prompts.Select(_ => new List<int>()).ToArray();
        foreach (var tokens in session.Generate(prompts, options))
        {
            for (var i = 0; i < texts.Length; i++)
            {
                if (tokens[i] >= 0) texts[i].Add(tokens[i]);
            }
        }

        Assert.Equal(alone, texts.Select(text => text.ToArray()));
    }

    [Fact]
    public void A_generated_token_allocates_nothing()
    {
        using var device = new CpuDevice { Threads = 1 };
        using var model = new WriterModel(seed: 2, device);
        using var session = model.CreateSession();
        var options = new GenerationOptions { Temperature = 0.9, TopK = 5, TopP = 0.9, MinP = 0.01, RepetitionPenalty = 1.1, AtContextEnd = ContextEnd.Slide };
        var (before, least, count) = (0L, long.MaxValue, 0);
        foreach (var token in session.Generate(new[] { 3, 1 }, options))
        {
            // The runtime allocates on any thread, when its table of type casts grows for example, but not in every 30 tokens.
            if (++count % 30 != 0) continue;
            if (count > 30) least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            if (count == 300) break;
            before = GC.GetAllocatedBytesForCurrentThread();
        }

        Assert.Equal(0, least);
    }
}
