using ModelDsl.Runtime.Tests.Checkpoints;

namespace ModelDsl.Runtime.Tests.Sessions;

/// <summary>Predictions and sessions of a model whose table of tokens is its output layer read a copy of the table, which changes with the table.</summary>
public class ParameterCopiesTests
{
    private static readonly int[] Text = [3, 1, 4, 1, 5, 9];

    public static TheoryData<string> Changes => [.. ChangesByName.Keys];

    private static Dictionary<string, Action<TinyGpt2>> ChangesByName { get; } = new()
    {
        ["an optimizer"] = static model =>
        {
            var batch = Batch.Of(1, Text, Text);
            model.Forward(batch);
            model.Backward(batch);
            new Sgd(0.5).Update(model);
        },
        ["a parameter"] = static model => model.Parameters["wte"].CopyFrom([.. Enumerable.Range(0, model.Parameters["wte"].Count).Select(static i => MathF.Sin(i))]),
        ["an element"] = static model => model.Parameters["wte"][7, 2] += 1,
        ["a file"] = static model =>
        {
            var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");
            try
            {
                using (var other = new TinyGpt2(seed: 2))
                    other.Save(path);
                model.Load(path);
            }
            finally
            {
                File.Delete(path);
            }
        },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void Results_are_those_of_the_present_weights(string change)
    {
        using var model = new TinyGpt2(seed: 1);
        var (predicted, decoded) = (model.PredictLogits(Text), Decoded(model));

        ChangesByName[change](model);

        // The other model has made no copy before it got the same weights.
        using var other = new TinyGpt2(seed: 3);
        foreach (var parameter in model.Parameters)
            other.Parameters[parameter.Name].CopyFrom(parameter.ToArray());
        Assert.Equal(other.PredictLogits(Text), model.PredictLogits(Text));
        Assert.Equal(Decoded(other), Decoded(model));
        Assert.NotEqual(predicted, model.PredictLogits(Text));
        Assert.NotEqual(decoded, Decoded(model));
    }

    [Fact]
    public void A_session_between_predictions_has_their_bits()
    {
        using var model = new TinyGpt2(seed: 1);
        Assert.Equal(model.PredictLogits(Text)[^11..], Decoded(model));
        model.Parameters["wte"][3, 0] = 2;
        Assert.Equal(Decoded(model), model.PredictLogits(Text)[^11..]);
    }

    /// <summary>Threads that begin together need the copy at the same time.</summary>
    [Fact]
    public void Threads_that_predict_first_have_the_same_results()
    {
        using var expected = new TinyGpt2(seed: 1);
        var logits = expected.PredictLogits(Text);
        for (var round = 0; round < 20; round++)
        {
            using var model = new TinyGpt2(seed: 1);
            using var start = new Barrier(4);
            var results = new float[start.ParticipantCount][];
            var threads = Enumerable.Range(0, results.Length).Select(thread => new Thread(() =>
            {
                start.SignalAndWait();
                results[thread] = model.PredictLogits(Text);
            })).ToArray();
            foreach (var thread in threads)
                thread.Start();
            foreach (var thread in threads)
                thread.Join();
            Assert.All(results, result => Assert.Equal(logits, result));
        }
    }

    [Fact]
    public void A_token_allocates_nothing()
    {
        using var model = new TinyGpt2(seed: 1);
        using var session = model.CreateSession();
        session.Append([1, 2]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        session.Append([3]);
        session.Append([4]);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static float[] Decoded(TinyGpt2 model)
    {
        using var session = model.CreateSession();
        session.Append(Text.AsSpan(0, 5));
        return session.Append(Text.AsSpan(5)).ToArray();
    }
}
