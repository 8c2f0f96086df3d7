using ModelDsl.Images;
using ModelDsl.Runtime.Tests.Data;
using ModelDsl.Training.TensorBoard;

namespace ModelDsl.Runtime.Tests.Training.TensorBoard;

public sealed class TensorBoardWriterTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_checksum_has_its_known_values()
    {
        // RFC 3720, section B.4, and the check value of CRC-32C.
        Assert.Equal(0xE3069283u, Crc32C.Of("123456789"u8));
        Assert.Equal(0x8A9136AAu, Crc32C.Of(new byte[32]));
        Assert.Equal(0x62A8AB43u, Crc32C.Of(Enumerable.Repeat((byte)0xFF, 32).ToArray()));
        Assert.Equal(0x46DD794Eu, Crc32C.Of(Enumerable.Range(0, 32).Select(value => (byte)value).ToArray()));
        Assert.Equal(0xE3069283u, EventReader.Crc("123456789"u8));
    }

    [Fact]
    public void A_file_begins_with_its_version_and_has_a_name_that_TensorBoard_finds()
    {
        using (var writer = new TensorBoardWriter(Run))
            Assert.Matches(@"events\.out\.tfevents\.\d{10}\.[^/\\]+$", writer.FilePath);

        var first = Assert.Single(EventReader.Events(Assert.Single(EventReader.Files(Run))));
        Assert.Equal("brain.Event:2", first.Text(EventReader.FileVersion));
        Assert.InRange(first.Get<double>(1), 1.7e9, 1e10);
    }

    [Fact]
    public void Scalars_have_their_tags_and_steps()
    {
        using (var writer = new TensorBoardWriter(Run))
        {
            foreach (var (step, value) in new[] { (0L, 1.5), (1L << 40, double.NaN), (7, double.NegativeInfinity) })
                writer.AddScalar("größe/train", value, step);
        }

        Assert.Equal([(0, 1.5f), (1L << 40, float.NaN), (7, float.NegativeInfinity)], EventReader.Scalars(Run, "größe/train"));
    }

    [Fact]
    public void Values_can_be_read_while_the_file_is_open()
    {
        using var writer = new TensorBoardWriter(Run);
        writer.AddScalar("loss", 1, 1);

        Assert.Single(EventReader.Scalars(Run, "loss"));
    }

    [Fact]
    public void A_histogram_counts_all_finite_values()
    {
        float[] values = [.. Enumerable.Range(0, 1000).Select(i => (i / 100f) - 3), float.NaN, float.PositiveInfinity];
        using (var writer = new TensorBoardWriter(Run))
        {
            writer.AddHistogram("weights", values, 5);
            writer.AddHistogram("same", [2f, 2f, 2f], 5);
            writer.AddHistogram("none", [float.NaN], 5);
        }

        var all = EventReader.Values(Run);
        Assert.Equal(2, all.Count);
        var histogram = all[0].Value.Message(EventReader.Histogram);
        var finite = values.Where(float.IsFinite).Select(value => (double)value).ToArray();
        Assert.Equal([finite.Min(), finite.Max(), 1000, finite.Sum(), finite.Sum(value => value * value)], Enumerable.Range(1, 5).Select(histogram.Get<double>));
        var (limits, counts) = (histogram.Doubles(6), histogram.Doubles(7));
        Assert.Equal(finite.Max(), limits[^1]);
        for (var i = 0; i < limits.Length - 1; i++)
            Assert.InRange(counts[..(i + 1)].Sum() - finite.Count(value => value < limits[i]), -1, 1);
        Assert.Equal(1000, counts.Sum());
        var same = all[1].Value.Message(EventReader.Histogram);
        Assert.Equal([2.0], same.Doubles(6));
        Assert.Equal([3.0], same.Doubles(7));
    }

    [Fact]
    public void An_image_is_a_png_file_with_its_size()
    {
        var image = new Image(5, 3, 3);
        image[4, 2].Fill(200);
        using (var writer = new TensorBoardWriter(Run))
            writer.AddImage("first batch", image, 2);

        var written = Assert.Single(EventReader.Values(Run)).Value.Message(EventReader.Image);
        Assert.Equal([3L, 5, 3], Enumerable.Range(1, 3).Select(written.Get<long>));
        Assert.Equal(image.Pixels.ToArray(), Image.Read(written.Get<byte[]>(4), "image").Pixels.ToArray());
    }

    [Fact]
    public void A_text_is_a_tensor_of_the_text_plugin()
    {
        using (var writer = new TensorBoardWriter(Run))
            writer.AddText("sample", "Grüße, **world**", 3);

        var (step, value) = Assert.Single(EventReader.Values(Run));
        Assert.Equal(3, step);
        Assert.Equal("text", value.Path(EventReader.Metadata, 1).Text(1));
        Assert.Equal((7, "Grüße, **world**"), (value.Message(EventReader.Tensor).Get<long>(1), value.Message(EventReader.Tensor).Text(8)));
        Assert.Equal([1L], Shape(value));
    }

    [Fact]
    public void A_curve_has_counts_precision_and_recall_of_each_threshold()
    {
        float[] predictions = [0, 0.1f, 0.25f, 0.5f, 0.5f, 0.74f, 0.75f, 1];
        bool[] labels = [false, true, false, true, false, true, false, true];
        using (var writer = new TensorBoardWriter(Run))
            writer.AddPrCurve("cats", predictions, labels, 4, thresholds: 5);

        var value = Assert.Single(EventReader.Values(Run)).Value;
        var plugin = value.Path(EventReader.Metadata, 1);
        Assert.Equal(("pr_curves", 5L), (plugin.Text(1), plugin.Message(2).Get<long>(2)));
        Assert.Equal([6L, 5], Shape(value));
        var rows = value.Message(EventReader.Tensor).Floats(4).Chunk(5).ToArray();
        for (var t = 0; t < 5; t++)
        {
            var positive = predictions.Select(prediction => prediction >= t / 4f).ToArray();
            var (tp, fp) = (positive.Zip(labels).Count(pair => pair is (true, true)), positive.Zip(labels).Count(pair => pair is (true, false)));
            Assert.Equal([tp, fp, 4 - fp, 4 - tp, (float)tp / (tp + fp), tp / 4f], rows.Select(row => row[t]));
        }
    }

    [Fact]
    public void Hyperparameters_are_data_of_the_hparams_plugin()
    {
        using (var writer = new TensorBoardWriter(Run))
        {
            writer.AddHyperParameters(new Dictionary<string, object> { ["optimizer"] = "Adam", ["rate"] = 0.5f, ["layers"] = 3, ["bias"] = true }, ["loss/validation"]);
            writer.AddRunEnd();
        }

        var values = EventReader.Values(Run).ToDictionary(value => value.Value.Text(EventReader.Tag), value => value.Value.Path(EventReader.Metadata, 1));
        Assert.Equal(["_hparams_/experiment", "_hparams_/session_start_info", "_hparams_/session_end_info"], values.Keys);
        Assert.All(values.Values, plugin => Assert.Equal("hparams", plugin.Text(1)));
        var start = values["_hparams_/session_start_info"].Path(2, 3).Messages(1).ToDictionary(entry => entry.Text(1), entry => entry.Message(2));
        Assert.Equal(("Adam", 0.5, 3.0, 1L), (start["optimizer"].Text(3), start["rate"].Get<double>(2), start["layers"].Get<double>(2), start["bias"].Get<long>(4)));
        var experiment = values["_hparams_/experiment"].Path(2, 2);
        Assert.Equal([("optimizer", 1L), ("rate", 3), ("layers", 3), ("bias", 2)], experiment.Messages(4).Select(info => (info.Text(1), info.Get<long>(4))));
        Assert.Equal("loss/validation", Assert.Single(experiment.Messages(5)).Message(1).Text(2));
        Assert.Equal(1, values["_hparams_/session_end_info"].Path(2, 4).Get<long>(1));
    }

    [Fact]
    public void Wrong_arguments_are_errors_and_write_nothing()
    {
        using (var writer = new TensorBoardWriter(Run))
        {
            Assert.Throws<ArgumentException>(() => writer.AddScalar("", 1, 1));
            Assert.Throws<ArgumentOutOfRangeException>(() => writer.AddScalar("a", 1, -1));
            Assert.Throws<ArgumentException>(() => writer.AddPrCurve("a", [0.5f], [true, false], 1));
            Assert.Contains("Prediction 1 is 2", Assert.Throws<ArgumentException>(() => writer.AddPrCurve("a", [0.5f, 2], [true, false], 1)).Message, StringComparison.Ordinal);
            Assert.Throws<ArgumentOutOfRangeException>(() => writer.AddPrCurve("a", [0.5f], [true], 1, thresholds: 1));
            Assert.Contains("'when' is a DateTime", Assert.Throws<ArgumentException>(() => writer.AddHyperParameters(new Dictionary<string, object> { ["when"] = DateTime.Now })).Message, StringComparison.Ordinal);
            Assert.Throws<ArgumentException>(() => writer.AddHyperParameters(new Dictionary<string, object> { ["rate"] = double.NaN }));
        }

        Assert.Empty(EventReader.Values(Run));
        Assert.Throws<ArgumentOutOfRangeException>(() => TensorBoardWriter.StartAt(Run, -1));
    }

    [Fact]
    public void Two_writers_of_a_folder_have_two_files()
    {
        using var first = new TensorBoardWriter(Run);
        using var second = new TensorBoardWriter(Run);

        Assert.Equal(2, EventReader.Files(Run).Length);
    }

    private string Run => Path.Combine(folder.Path, "runs", "a");

    private static long[] Shape(ProtoMessage value) => [.. value.Path(EventReader.Tensor, 2).Messages(2).Select(dimension => dimension.Get<long>(1))];
}
