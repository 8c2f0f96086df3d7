namespace ModelDsl.Runtime.Tests.Sessions;

/// <summary>Beam search against a plain reference that computes every text from its beginning.</summary>
public sealed class BeamSearchTests
{
    private static readonly int[] Source = [3, 8, 1, 5, 0, 0];

    public static TheoryData<int, double, bool, int> Cases => new()
    {
        { 1, 1, false, 6 }, { 2, 1, false, 6 }, { 4, 1, false, 9 }, { 4, 0, false, 9 }, { 3, 2, true, 9 }, { 5, -1, true, 5 }, { 7, 0.6, false, 9 }, { 40, 1, false, 4 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void It_finds_what_a_plain_search_over_whole_texts_finds(int beams, double lengthPenalty, bool earlyStopping, int tokens)
    {
        for (var seed = 0; seed < 4; seed++)
        {
            using var model = new WriterModel(seed);
            using var session = model.CreateSession();
            var options = new BeamSearchOptions { Beams = beams, LengthPenalty = lengthPenalty, EarlyStopping = earlyStopping, MaxNewTokens = tokens, StopTokens = [2] };

            var found = session.BeamSearch([4, 1], options);

            Compare(Reference.Search(text => Next(model, text), [4, 1], options), found);
        }
    }

    [Fact]
    public void All_texts_of_a_search_have_the_source_of_the_session()
    {
        using var model = new TranslatorModel(seed: 3);
        using var session = model.CreateSession(Source);
        var options = new BeamSearchOptions { Beams = 3, MaxNewTokens = 7, StopTokens = [0] };

        var found = session.BeamSearch([1], options);

        Compare(Reference.Search(text => Next(text, padded => model.PredictLogits(Source, padded), 10), [1], options), found);
    }

    [Fact]
    public void With_as_many_beams_as_texts_it_finds_the_most_likely_one()
    {
        using var model = new WriterModel(seed: 2);
        using var session = model.CreateSession();
        var (best, text) = (double.NegativeInfinity, Array.Empty<int>());
        for (var number = 0; number < 7 * 7 * 7; number++)
        {
            int[] tokens = [number / 49, number / 7 % 7, number % 7];
            var score = Enumerable.Range(0, 3).Sum(i => Next(model, [4, .. tokens.Take(i)])[tokens[i]]) / 3;
            if (score > best)
                (best, text) = (score, tokens);
        }

        var found = session.BeamSearch([4], new() { Beams = 49, MaxNewTokens = 3 });

        Assert.Equal(text, found[0].Tokens);
        Assert.Equal(best, found[0].Score, 1e-5);
        Assert.Equal(FinishReason.Length, found[0].FinishReason);
    }

    [Fact]
    public void One_beam_is_greedy()
    {
        using var model = new RecurrentWriterModel(seed: 5);
        using var session = model.CreateSession();
        var greedy = session.Generate(new[] { 3, 1 }, new() { MaxNewTokens = 8 }).ToArray();
        session.Truncate(0);

        Assert.Equal(greedy, Assert.Single(session.BeamSearch([3, 1], new() { Beams = 1, MaxNewTokens = 8 })).Tokens);
    }

    [Fact]
    public void The_session_keeps_the_prompt_and_can_be_continued()
    {
        using var model = new WriterModel(seed: 5);
        using var session = model.CreateSession();
        var first = session.BeamSearch([3, 1], new() { MaxNewTokens = 3 });
        Assert.Equal([3, 1], session.TokensOf(0).ToArray());

        Compare(first, session.BeamSearch([], new() { MaxNewTokens = 3 }));
    }

    [Fact]
    public void A_text_ends_with_the_context()
    {
        using var model = new WriterModel(seed: 5);
        using var session = model.CreateSession();

        var found = session.BeamSearch([3, 1, 4], new() { Beams = 2 });

        // The last token follows the last position, and is not read any more.
        Assert.All(found, text => Assert.Equal((WriterModel.Context - 3 + 1, FinishReason.Length), (text.Tokens.Count, text.FinishReason)));
    }

    [Fact]
    public void A_cancelled_search_returns_what_it_has()
    {
        using var model = new WriterModel();
        using var session = model.CreateSession();
        var found = session.BeamSearch([3], new(), new CancellationToken(canceled: true));
        Assert.Equal(FinishReason.Cancelled, Assert.Single(found).FinishReason);
    }

    [Fact]
    public void What_cannot_be_searched_is_an_error()
    {
        using var model = new WriterModel();
        using var session = model.CreateSession();
        using var several = model.CreateSession(2);
        Contains("The prompt is empty", Assert.Throws<ArgumentException>(() => session.BeamSearch([])));
        Contains("Token 0 is 7", Assert.Throws<ArgumentException>(() => session.BeamSearch([7])));
        Contains("The stop token 9", Assert.Throws<ArgumentException>(() => session.BeamSearch([1], new() { StopTokens = [9] })));
        Contains("The session has 2 texts", Assert.Throws<ArgumentException>(() => several.BeamSearch([1])));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BeamSearchOptions { Beams = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new BeamSearchOptions { LengthPenalty = double.NaN });
    }

    private static void Contains(string part, Exception exception) => Assert.Contains(part, exception.Message, StringComparison.Ordinal);

    private static void Compare(IReadOnlyList<BeamHypothesis> expected, IReadOnlyList<BeamHypothesis> actual)
    {
        Assert.Equal(expected.Select(text => string.Join(" ", text.Tokens)), actual.Select(text => string.Join(" ", text.Tokens)));
        Assert.Equal(expected.Select(text => text.FinishReason), actual.Select(text => text.FinishReason));
        foreach (var (one, other) in expected.Zip(actual))
            Assert.Equal(one.Score, other.Score, 1e-9);
    }

    private static double[] Next(WriterModel model, int[] text) => Next(text, padded => model.PredictLogits(padded), WriterModel.Context);

    /// <summary>The logarithms of the probabilities of the next token by the whole forward pass.</summary>
    private static double[] Next(int[] text, Func<int[], float[]> logitsOf, int context)
    {
        var padded = new int[context];
        text.CopyTo(padded, 0);
        var logits = logitsOf(padded).AsSpan((text.Length - 1) * 7, 7).ToArray();
        var maximum = logits.Max();
        var normalizer = maximum + Math.Log(logits.Sum(logit => Math.Exp((double)logit - maximum)));
        return [.. logits.Select(logit => logit - normalizer)];
    }

    /// <summary>The search as its definition says, without sessions: lists that are sorted.</summary>
    private static class Reference
    {
        public static List<BeamHypothesis> Search(Func<int[], double[]> next, int[] prompt, BeamSearchOptions options)
        {
            List<(int[] Tokens, double Sum)> beams = [([], 0)];
            List<BeamHypothesis> finished = [];
            void Add(int[] tokens, double sum, int length, FinishReason reason) => finished =
                [.. finished.Append(new(tokens, sum / Math.Pow(length, options.LengthPenalty), reason)).OrderByDescending(text => text.Score).Take(options.Beams)];
            for (var length = 1; length <= options.MaxNewTokens; length++)
            {
                var all = beams.SelectMany(beam => next([.. prompt, .. beam.Tokens]).Select((log, token) => (beam.Tokens, Token: token, Sum: beam.Sum + log)))
                    .OrderByDescending(candidate => candidate.Sum).Take(2 * options.Beams).ToArray();
                beams = [];
                for (var rank = 0; rank < all.Length && beams.Count < options.Beams; rank++)
                {
                    var (tokens, token, sum) = all[rank];
                    if (!options.StopTokens.Contains(token))
                        beams.Add(([.. tokens, token], sum));
                    else if (rank < options.Beams)
                        Add(tokens, sum, length, FinishReason.Stop);
                }

                var isFull = finished.Count == options.Beams;
                if (isFull && (options.EarlyStopping || finished[^1].Score >= beams[0].Sum / Math.Pow(length, options.LengthPenalty)))
                    return finished;
            }

            foreach (var (tokens, sum) in beams)
                Add(tokens, sum, tokens.Length, FinishReason.Length);
            return finished;
        }
    }
}
