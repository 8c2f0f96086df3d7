using ModelDsl.Runtime.Tests.Models;

namespace ModelDsl.Runtime.Tests.Data;

/// <summary>Batches of samples of similar length.</summary>
public sealed class LengthGroupingTests
{
    private const int Size = 8;

    private static readonly LengthGrouping Grouping = new(padding: 0) { Window = 5 };

    private static readonly Dataset Texts = BucketNet.Texts(205);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_pass_has_every_sample_once(bool shuffle)
    {
        var samples = Batches(shuffle).SelectMany(batch => batch).ToArray();

        Assert.Equal(Texts.Count, samples.Length);
        Assert.Equal(All(Texts).Order(StringComparer.Ordinal), samples.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_samples_of_a_batch_have_similar_lengths()
    {
        static int Positions(IEnumerable<string[]> batches) => batches.Sum(batch => batch.Length * batch.Max(LengthOf));
        var (real, without) = (All(Texts).Sum(LengthOf), Positions(Batches(shuffle: true, grouping: null)));

        Assert.True(without > 2.5 * real, $"{without} positions without grouping, {real} are not padding");
        Assert.InRange(Positions(Batches(shuffle: true)), real, 1.6 * real);
        Assert.InRange(Positions(Batches(shuffle: false)), real, 1.2 * real);
    }

    [Fact]
    public void Batches_do_not_come_in_the_order_of_their_lengths()
    {
        var longest = Batches(shuffle: true).Select(batch => batch.Max(LengthOf)).ToArray();

        Assert.NotEqual(longest.Order(), longest);
        Assert.NotEqual(longest.OrderDescending(), longest);
    }

    [Fact]
    public void The_incomplete_batch_is_not_always_the_longest()
    {
        var last = Enumerable.Range(0, 20).Select(seed => Batches(shuffle: true, seed: seed)[^1]).ToArray();

        Assert.All(last, batch => Assert.Equal(Texts.Count % Size, batch.Length));
        Assert.Contains(last, batch => batch.Average(LengthOf) < All(Texts).Average(LengthOf));
    }

    [Fact]
    public void The_seed_and_the_number_of_the_pass_decide_the_order()
    {
        var (first, again) = (Texts.Batches(Size, shuffle: true, seed: 3, grouping: Grouping), Texts.Batches(Size, shuffle: true, seed: 3, grouping: Grouping, prefetch: true));
        var (one, two) = (Read(first), Read(first));

        Assert.Equal(one, Read(again));
        Assert.Equal(two, Read(again));
        Assert.NotEqual(one, two);
        Assert.NotEqual(one, Batches(shuffle: true, seed: 4));
    }

    [Fact]
    public void A_pass_can_begin_with_any_batch()
    {
        var batches = Texts.Batches(Size, shuffle: true, seed: 3, grouping: Grouping);
        batches.StartAt(pass: 2, batch: 7);

        var rest = Read(batches);

        var whole = Texts.Batches(Size, shuffle: true, seed: 3, grouping: Grouping);
        whole.StartAt(pass: 2, batch: 0);
        Assert.Equal(Read(whole)[7..], rest);
    }

    [Fact]
    public void A_stream_cannot_be_grouped()
    {
        var stream = StreamingDataset.From(_ => Array.Empty<int>().ToAsyncEnumerable(), new SampleLayout<int>().Label(static number => number));

        var exception = Assert.Throws<ArgumentException>(() => stream.Batches(Size, grouping: Grouping));

        Assert.Contains("read it into a Dataset", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_without_token_ids_cannot_be_grouped()
    {
        var exception = Assert.Throws<ArgumentException>(() => Dataset.FromArrays(new float[8], new int[4]).Batches(2, grouping: Grouping));

        Assert.Contains("reads token ids from column 0", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_without_buckets_does_not_say_how_long_its_samples_are()
    {
        using var model = new UnbucketedNet();

        Assert.Contains("has no buckets", Assert.Throws<ArgumentException>(() => LengthGrouping.Of(model)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new Trainer(new Sgd(0.1)) { GroupByLength = true, View = TrainingView.None }.Fit(model, Texts));
    }

    [Fact]
    public void A_trainer_groups_the_samples_of_a_model_with_buckets()
    {
        static float[] Trained(bool? grouping)
        {
            using var model = new BucketNet(seed: 1);
            new Trainer(new Sgd(0.1)) { Epochs = 1, BatchSize = Size, GroupByLength = grouping, View = TrainingView.None }.Fit(model, Texts);
            return model.Parameters["dense1.weight"].ToArray();
        }

        Assert.Equal(Trained(true), Trained(null));
        Assert.NotEqual(Trained(false), Trained(null));
    }

    [Fact]
    public void An_evaluation_has_the_same_metrics_and_a_loss_that_differs_by_rounding()
    {
        using var model = new BucketNet(seed: 1);
        var grouped = new Trainer(new Sgd(0.1)) { BatchSize = Size }.Evaluate(model, Texts, new Accuracy());
        var inOrder = new Trainer(new Sgd(0.1)) { BatchSize = Size, GroupByLength = false }.Evaluate(model, Texts, new Accuracy());

        Assert.Equal(inOrder.Metrics[0].Value, grouped.Metrics[0].Value);
        Assert.InRange(grouped.Loss / inOrder.Loss, 1 - 1e-6, 1 + 1e-6);
    }

    private static string[][] Batches(bool shuffle, int seed = 1) => Batches(shuffle, Grouping, seed);

    private static string[][] Batches(bool shuffle, LengthGrouping? grouping, int seed = 1) => Read(Texts.Batches(Size, shuffle, seed, grouping: grouping));

    private static string[][] Read(BatchSequence batches) => [.. batches.Select(Samples)];

    private static string[] All(Dataset data) => Samples(data.Batches(data.Count).First());

    private static string[] Samples(Batch batch) => [.. batch.Ints(0).ToArray().Chunk(BucketNet.Length).Select(tokens => string.Join(" ", tokens))];

    private static int LengthOf(string sample) => sample.Split(' ').Count(token => token != "0");
}
