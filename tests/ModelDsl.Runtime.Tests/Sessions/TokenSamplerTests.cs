using ModelDsl.Sessions;

namespace ModelDsl.Runtime.Tests.Sessions;

/// <summary>Which tokens are left to draw from, by the definitions of Hugging Face's logits warpers, and how often each is drawn.</summary>
public class TokenSamplerTests
{
    private static readonly float[] Logits = [0.5f, 2f, -1f, 1f, 2f, -3f, 0f, 1.5f];

    [Theory]
    [InlineData(3, 1, 0, new[] { 1, 4, 7 })]
    [InlineData(1, 1, 0, new[] { 1, 4 })]
    [InlineData(8, 1, 0, new[] { 0, 1, 2, 3, 4, 5, 6, 7 })]
    [InlineData(0, 0.5, 0, new[] { 1, 4 })]
    [InlineData(0, 0.6, 0, new[] { 1, 4, 7 })]
    [InlineData(0, 1, 0.3, new[] { 1, 3, 4, 7 })]
    [InlineData(0, 1, 1, new[] { 1, 4 })]
    [InlineData(3, 0.7, 0, new[] { 1, 4 })]
    [InlineData(0, 0.9, 0.5, new[] { 1, 4, 7 })]
    public void Tokens_that_are_left_are_those_of_the_definitions(int topK, double topP, double minP, int[] expected)
    {
        var sampler = new TokenSampler(Logits.Length);
        sampler.Choose(Logits, [], new() { Temperature = 1, TopK = topK, TopP = topP, MinP = minP }, 0, 0);
        Assert.Equal(expected, Enumerable.Range(0, Logits.Length).Where(token => !float.IsNegativeInfinity(sampler.Scores[token])));
    }

    [Fact]
    public void Temperature_comes_before_top_p()
    {
        var sampler = new TokenSampler(3);
        float[] logits = [2, 1, 0];

        // softmax(2, 1, 0) = 0.67, 0.24, 0.09; divided by 10 all are nearly equal.
        sampler.Choose(logits, [], new() { Temperature = 1, TopP = 0.6 }, 0, 0);
        Assert.Equal(1, sampler.Scores.ToArray().Count(float.IsFinite));
        sampler.Choose(logits, [], new() { Temperature = 10, TopP = 0.6 }, 0, 0);
        Assert.Equal(2, sampler.Scores.ToArray().Count(float.IsFinite));
    }

    [Fact]
    public void Tokens_are_drawn_as_often_as_they_are_likely()
    {
        var sampler = new TokenSampler(Logits.Length);
        var options = new GenerationOptions { Temperature = 0.7, Seed = 5 };
        var counts = new int[Logits.Length];
        const int Draws = 40_000;
        for (var i = 0; i < Draws; i++) counts[sampler.Choose(Logits, [], options, sample: i % 3, number: i)]++;

        var weights = Logits.Select(logit => Math.Exp(logit / 0.7)).ToArray();
        for (var token = 0; token < counts.Length; token++)
        {
            var expected = weights[token] / weights.Sum();

            // Four standard deviations.
            Assert.InRange((double)counts[token] / Draws, expected - (4 * Math.Sqrt(expected / Draws)), expected + (4 * Math.Sqrt(expected / Draws)));
        }
    }

    [Fact]
    public void Tokens_of_the_text_are_penalized_once_each()
    {
        var sampler = new TokenSampler(4);
        Assert.Equal(3, sampler.Choose([2f, 1f, -1f, 1.5f], [0, 2, 0, 0], new() { RepetitionPenalty = 2 }, 0, 0));
        Assert.Equal([1f, 1f, -2f, 1.5f], sampler.Scores.ToArray());
    }

    [Fact]
    public void Samples_and_tokens_draw_numbers_of_their_own()
    {
        var sampler = new TokenSampler(1000);
        var options = new GenerationOptions { Temperature = 1, Seed = 1 };
        var drawn = Enumerable.Range(0, 20).Select(i => sampler.Choose(new float[1000], [], options, sample: i % 2, number: i / 2)).ToArray();
        Assert.InRange(drawn.Distinct().Count(), 15, 20);
    }

    [Fact]
    public void Logits_without_a_largest_one_are_an_error()
    {
        var sampler = new TokenSampler(2);
        Assert.Contains("NaN", Assert.Throws<InvalidOperationException>(() => sampler.Choose([1f, float.NaN], [], new(), 0, 0)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => sampler.Choose([float.PositiveInfinity, 0], [], new(), 0, 0));
    }
}
