namespace ModelDsl.Runtime.Tests.Sessions;

/// <summary>Sessions whose model carries states from position to position.</summary>
public class RecurrentSessionTests
{
    [Fact]
    public void A_state_goes_on_beyond_the_context_as_over_a_longer_text()
    {
        using var model = new RecurrentWriterModel(seed: 2);
        using var longer = new LongRecurrentWriterModel(seed: 3);
        foreach (var parameter in model.Parameters) longer.Parameters[parameter.Name].CopyFrom(parameter.ToArray());
        var options = new GenerationOptions { MaxNewTokens = 50, Temperature = 1, Seed = 4, AtContextEnd = ContextEnd.Slide };

        using var session = model.CreateSession();
        using var other = longer.CreateSession();

        Assert.Equal(other.Generate(new[] { 3, 1, 5 }, options), session.Generate(new[] { 3, 1, 5 }, options));
        Assert.Equal(FinishReason.Length, session.FinishReason);
    }

    [Fact]
    public void A_text_that_was_slid_on_can_be_begun_anew()
    {
        using var model = new RecurrentWriterModel(seed: 2);
        using var session = model.CreateSession();
        var options = new GenerationOptions { MaxNewTokens = 30, AtContextEnd = ContextEnd.Slide };
        var first = session.Generate(new[] { 3, 1 }, options).ToArray();

        session.Truncate(0);

        Assert.Equal(first, session.Generate(new[] { 3, 1 }, options));
    }

    [Fact]
    public void A_generated_token_allocates_nothing()
    {
        using var device = new CpuDevice { Threads = 1 };
        using var model = new RecurrentWriterModel(seed: 2, device);
        using var session = model.CreateSession();
        var (before, least, count) = (0L, long.MaxValue, 0);
        foreach (var token in session.Generate(new[] { 3, 1 }, new() { Temperature = 0.9, AtContextEnd = ContextEnd.Slide }))
        {
            // The runtime allocates on any thread, when its table of type casts grows for example, but not in every 30 tokens.
            if (++count % 30 != 0) continue;
            if (count > 30) least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            if (count == 300) break;
            before = GC.GetAllocatedBytesForCurrentThread();
        }

        Assert.Equal(0, least);
    }

    [Fact]
    public void A_truncated_session_gives_its_last_logits_again()
    {
        using var model = new RecurrentWriterModel(seed: 2);
        using var session = model.CreateSession();
        var expected = session.Append([1, 2, 3]).ToArray();
        session.Append([4, 5]);

        session.Truncate(2);

        Assert.Equal(expected, session.Append([3]).ToArray());
    }
}
