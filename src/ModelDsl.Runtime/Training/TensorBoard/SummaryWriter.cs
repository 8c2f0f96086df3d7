using ModelDsl.Images;

namespace ModelDsl.Training.TensorBoard;

/// <summary>Writes the events of an event file: a summary with one value each.</summary>
internal sealed class SummaryWriter
{
    private readonly ProtoWriter message = new();
    private int summary;
    private int value;

    /// <summary>The buckets of the next histogram.</summary>
    public HistogramBuckets Buckets { get; } = new();

    /// <summary>Returns the event that begins a file.</summary>
    public ReadOnlySpan<byte> Version(long step)
    {
        BeginEvent(step);
        message.String(SummaryFields.Event.FileVersion, SummaryFields.FileVersion);
        return message.Written;
    }

    /// <summary>Returns the event after which TensorBoard ignores earlier values of the step and of later ones.</summary>
    public ReadOnlySpan<byte> Start(long step)
    {
        BeginEvent(step);
        var log = message.Begin(SummaryFields.Event.SessionLog);
        message.Int64(SummaryFields.SessionLog.Status, SummaryFields.SessionLog.Start);
        message.End(log);
        return message.Written;
    }

    /// <summary>Begins an event with a value.</summary>
    public void Begin(string tag, long step)
    {
        BeginEvent(step);
        summary = message.Begin(SummaryFields.Event.Summary);
        value = message.Begin(SummaryFields.Summary.Value);
        message.String(SummaryFields.Value.Tag, tag);
    }

    /// <summary>Ends the event, and returns it.</summary>
    public ReadOnlySpan<byte> End()
    {
        message.End(value);
        message.End(summary);
        return message.Written;
    }

    public void Scalar(float number) => message.Single(SummaryFields.Value.SimpleValue, number);

    /// <summary>Writes the histogram that <see cref="Buckets"/> contains.</summary>
    public void Histogram()
    {
        var histogram = message.Begin(SummaryFields.Value.Histogram);
        message.Double(SummaryFields.Histogram.Minimum, Buckets.Minimum);
        message.Double(SummaryFields.Histogram.Maximum, Buckets.Maximum);
        message.Double(SummaryFields.Histogram.Count, Buckets.Count);
        message.Double(SummaryFields.Histogram.Sum, Buckets.Sum);
        message.Double(SummaryFields.Histogram.SumOfSquares, Buckets.SumOfSquares);
        message.Doubles(SummaryFields.Histogram.BucketLimits, Buckets.Limits);
        message.Doubles(SummaryFields.Histogram.Buckets, Buckets.Counts);
        message.End(histogram);
    }

    public void Image(Image image)
    {
        var start = message.Begin(SummaryFields.Value.Image);
        message.Int64(SummaryFields.Image.Height, image.Height);
        message.Int64(SummaryFields.Image.Width, image.Width);
        message.Int64(SummaryFields.Image.ColorSpace, image.Channels);
        message.Bytes(SummaryFields.Image.Encoded, image.ToPng());
        message.End(start);
    }

    public void Text(string text)
    {
        Metadata("text", static _ => { });
        var tensor = BeginTensor(SummaryFields.Tensor.String, [1]);
        message.String(SummaryFields.Tensor.StringValue, text);
        message.End(tensor);
    }

    public void PrCurve(ReadOnlySpan<float> curve, int thresholds)
    {
        Metadata("pr_curves", content => content.Int64(SummaryFields.PrCurve.Thresholds, thresholds));
        Floats(curve, [TensorBoard.PrCurve.Rows, thresholds]);
    }

    /// <summary>Writes a value whose content is its metadata.</summary>
    /// <param name="plugin">The name of the plug-in of TensorBoard.</param>
    /// <param name="content">Writes the message of the plug-in.</param>
    public void Plugin(string plugin, Action<ProtoWriter> content)
    {
        Metadata(plugin, content);
        Floats([0f], [1]);
    }

    private void Metadata(string plugin, Action<ProtoWriter> content)
    {
        var metadata = message.Begin(SummaryFields.Value.Metadata);
        var data = message.Begin(SummaryFields.Metadata.PluginData);
        message.String(SummaryFields.Metadata.PluginName, plugin);
        var inner = message.Begin(SummaryFields.Metadata.PluginContent);
        content(message);
        message.End(inner);
        message.End(data);
        message.Int64(SummaryFields.Metadata.DataClass, SummaryFields.Metadata.TensorClass);
        message.End(metadata);
    }

    private void Floats(ReadOnlySpan<float> values, ReadOnlySpan<int> shape)
    {
        var tensor = BeginTensor(SummaryFields.Tensor.Float, shape);
        message.SinglesAsBytes(SummaryFields.Tensor.Content, values);
        message.End(tensor);
    }

    private int BeginTensor(int type, ReadOnlySpan<int> shape)
    {
        var tensor = message.Begin(SummaryFields.Value.Tensor);
        message.Int64(SummaryFields.Tensor.Type, type);
        var dimensions = message.Begin(SummaryFields.Tensor.Shape);
        foreach (var size in shape)
        {
            var dimension = message.Begin(SummaryFields.Tensor.ShapeDimension);
            message.Int64(SummaryFields.Tensor.DimensionSize, size);
            message.End(dimension);
        }

        message.End(dimensions);
        return tensor;
    }

    private void BeginEvent(long step)
    {
        message.Clear();
        message.Double(SummaryFields.Event.WallTime, Now);
        message.Int64(SummaryFields.Event.Step, step);
    }

    /// <summary>The seconds since 1970.</summary>
    public static double Now => (DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds;
}
