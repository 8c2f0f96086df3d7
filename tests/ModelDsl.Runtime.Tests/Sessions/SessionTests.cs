namespace ModelDsl.Runtime.Tests.Sessions;

/// <summary>What sessions refuse, and how they say it.</summary>
public class SessionTests
{
    [Fact]
    public void A_token_outside_the_vocabulary_is_an_error()
    {
        using var model = new WriterModel();
        using var session = model.CreateSession();
        Contains("Token 1 is 7, which is outside the vocabulary of WriterModel, 0 to 6.", Assert.Throws<ArgumentException>(() => { session.Append([0, 7]); }));
        Contains("Token 0 is -1", Assert.Throws<ArgumentException>(() => session.Generate(new[] { -1 })));
        Contains("The stop token 9", Assert.Throws<ArgumentException>(() => session.Generate(new[] { 1 }, new() { StopTokens = [9] })));
        Assert.Equal(0, session.Position);
    }

    [Fact]
    public void A_prompt_longer_than_the_context_is_an_error()
    {
        using var model = new WriterModel();
        using var session = model.CreateSession();
        Contains("The prompt has 13 tokens, but the context of WriterModel has room for 12 of 12: shorten it.", Assert.Throws<ArgumentException>(() => session.Generate(new int[13])));
        session.Append([1, 2, 3]);
        Contains("room for 9 of 12: shorten it, or Truncate the session.", Assert.Throws<ArgumentException>(() => { session.Append(new int[10]); }));
    }

    [Fact]
    public void An_empty_prompt_is_an_error_where_there_is_nothing_to_continue()
    {
        using var model = new WriterModel();
        using var session = model.CreateSession(2);
        Contains("Prompt 1 is empty", Assert.Throws<ArgumentException>(() => session.Generate([[1], []])));
        Contains("There are no tokens to append", Assert.Throws<ArgumentException>(() => { session.Append([], [0, 0]); }));
        session.Append([1, 2, 3], [1, 2]);
        Assert.NotEmpty(session.Generate([[], []]).Take(1));
    }

    [Fact]
    public void A_prompt_that_is_null_is_an_error_that_names_it()
    {
        using var model = new WriterModel();
        using var session = model.CreateSession(2);
        Contains("Prompt 1 is null", Assert.Throws<ArgumentException>(() => session.Generate([[1], null!])));
    }

    [Fact]
    public void A_wrong_number_of_texts_is_an_error()
    {
        using var model = new WriterModel();
        using var session = model.CreateSession(2);
        Contains("The session has 2 texts, but tokens for 1 are given", Assert.Throws<ArgumentException>(() => { session.Append([1]); }));
        Contains("tokens for 3 are given", Assert.Throws<ArgumentException>(() => session.Generate([[1], [2], [3]])));
        Contains("add up to 3 tokens, but 2 are given", Assert.Throws<ArgumentException>(() => { session.Append([1, 2], [1, 2]); }));
        Contains("sample must be from 0 to 1", Assert.Throws<ArgumentOutOfRangeException>(() => { session.TokensOf(2); }));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.CreateSession(0));
    }

    [Fact]
    public void A_session_refuses_to_go_on_after_the_weights_changed()
    {
        using var model = new WriterModel();
        using var session = model.CreateSession();
        session.Append([1, 2]);
        var run = session.Generate(new[] { 3 }).GetEnumerator();
        Assert.True(run.MoveNext());

        var bias = model.Parameters["dense1.bias"];
        bias.CopyFrom(bias.ToArray());

        const string Message = "The weights of WriterModel have changed since the session began";
        Contains(Message, Assert.Throws<InvalidOperationException>(() => { session.Append([1]); }));
        Contains(Message, Assert.Throws<InvalidOperationException>(() => run.MoveNext()));
        Contains(Message, Assert.Throws<InvalidOperationException>(session.Fork));
        using var other = model.CreateSession();
        other.Append([1]);
    }

    [Fact]
    public void Training_ends_a_session()
    {
        using var model = new WriterModel();
        using var session = model.CreateSession();
        session.Append([1, 2]);
        var batch = Batch.Of(1, new int[WriterModel.Context], new int[WriterModel.Context]);
        model.Forward(batch);
        model.Backward(batch);
        session.Append([1]);
        new Sgd(0.1).Update(model);
        Assert.Throws<InvalidOperationException>(() => { session.Append([1]); });
    }

    [Fact]
    public void A_text_that_was_begun_does_not_go_on_after_the_session_was_used_for_something_else()
    {
        using var model = new WriterModel();
        using var session = model.CreateSession();
        var run = session.Generate(new[] { 3 }).GetEnumerator();
        Assert.True(run.MoveNext());
        session.Append([1]);
        Contains("used for something else", Assert.Throws<InvalidOperationException>(() => run.MoveNext()));
    }

    [Fact]
    public void A_truncated_session_gives_its_last_logits_again()
    {
        using var model = new WriterModel();
        using var session = model.CreateSession();
        var expected = session.Append([1, 2, 3]).ToArray();
        session.Append([4, 5]);
        Contains("position must be from 0 to 5", Assert.Throws<ArgumentOutOfRangeException>(() => session.Truncate(6)));

        session.Truncate(3);

        Assert.Equal(expected.AsSpan().IndexOf(expected.Max()), session.Generate(ReadOnlyMemory<int>.Empty).First());
        Assert.Equal([1, 2, 3], session.TokensOf(0).ToArray());
    }

    [Fact]
    public void A_disposed_session_refuses_everything()
    {
        using var model = new WriterModel();
        var session = model.CreateSession();
        session.Dispose();
        Assert.Throws<ObjectDisposedException>(() => { session.Append([1]); });
        Assert.Throws<ObjectDisposedException>(() => session.Truncate(0));
        Assert.Throws<ObjectDisposedException>(session.Fork);
    }

    [Fact]
    public void Room_of_another_size_is_an_error()
    {
        using var model = new WriterModel();
        using var session = model.CreateSession();
        Contains("The logits of 2 tokens are 14 values, but there is room for 13.", Assert.Throws<ArgumentException>(() => session.Append([1, 2], new float[13])));
    }

    [Theory]
    [InlineData("MaxNewTokens must be at least 1")]
    [InlineData("Temperature must be a finite number of at least 0")]
    [InlineData("TopP must be from 0 to 1")]
    [InlineData("MinP must be from 0 to 1")]
    [InlineData("TopK must be at least 0")]
    [InlineData("RepetitionPenalty must be a finite number greater than 0")]
    public void Options_out_of_range_are_errors(string message) => Contains(message, Assert.Throws<ArgumentOutOfRangeException>(() => message.Split(' ')[0] switch
    {
        "MaxNewTokens" => new GenerationOptions { MaxNewTokens = 0 },
        "Temperature" => new GenerationOptions { Temperature = double.NaN },
        "TopP" => new GenerationOptions { TopP = 1.5 },
        "MinP" => new GenerationOptions { MinP = -1 },
        "TopK" => new GenerationOptions { TopK = -1 },
        _ => new GenerationOptions { RepetitionPenalty = 0 },
    }));

    private static void Contains(string expected, Exception exception) => Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
}
