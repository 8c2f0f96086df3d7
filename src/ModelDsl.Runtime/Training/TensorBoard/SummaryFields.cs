namespace ModelDsl.Training.TensorBoard;

/// <summary>
/// The field numbers of the messages in event files: <c>event.proto</c>, <c>summary.proto</c>, <c>histogram.proto</c> and <c>tensor.proto</c> in
/// https://github.com/tensorflow/tensorboard/tree/master/tensorboard/compat/proto, and <c>plugin_data.proto</c> of the plug-ins <c>hparams</c> and <c>pr_curve</c>.
/// </summary>
internal static class SummaryFields
{
    /// <summary>The version of event files, which is the first event of each.</summary>
    public const string FileVersion = "brain.Event:2";

    public static class Event
    {
        public const int WallTime = 1;
        public const int Step = 2;
        public const int FileVersion = 3;
        public const int Summary = 5;
        public const int SessionLog = 7;
    }

    public static class SessionLog
    {
        public const int Status = 1;

        /// <summary>The status of a session that starts: TensorBoard ignores earlier events of its step and later ones.</summary>
        public const int Start = 1;
    }

    public static class Summary
    {
        public const int Value = 1;
    }

    public static class Value
    {
        public const int Tag = 1;
        public const int SimpleValue = 2;
        public const int Image = 4;
        public const int Histogram = 5;
        public const int Tensor = 8;
        public const int Metadata = 9;
    }

    public static class Image
    {
        public const int Height = 1;
        public const int Width = 2;

        /// <summary>The number of channels: 1 for gray, 2 for gray and alpha, 3 for RGB, 4 for RGBA.</summary>
        public const int ColorSpace = 3;
        public const int Encoded = 4;
    }

    public static class Histogram
    {
        public const int Minimum = 1;
        public const int Maximum = 2;
        public const int Count = 3;
        public const int Sum = 4;
        public const int SumOfSquares = 5;
        public const int BucketLimits = 6;
        public const int Buckets = 7;
    }

    public static class Tensor
    {
        public const int Type = 1;
        public const int Shape = 2;
        public const int Content = 4;
        public const int StringValue = 8;

        /// <summary>The type of 32-bit floats.</summary>
        public const int Float = 1;

        /// <summary>The type of strings.</summary>
        public const int String = 7;
        public const int ShapeDimension = 2;
        public const int DimensionSize = 1;
    }

    public static class Metadata
    {
        public const int PluginData = 1;
        public const int DataClass = 4;
        public const int PluginName = 1;
        public const int PluginContent = 2;

        /// <summary>The class of values that are tensors.</summary>
        public const int TensorClass = 2;
    }

    public static class PrCurve
    {
        public const int Thresholds = 2;
    }

    public static class HyperParameters
    {
        public const int Experiment = 2;
        public const int SessionStart = 3;
        public const int SessionEnd = 4;

        /// <summary>A map of names to values, which is a repeated message of a key and a value.</summary>
        public const int StartValues = 1;
        public const int StartTime = 5;
        public const int MapKey = 1;
        public const int MapValue = 2;
        public const int Number = 2;
        public const int Text = 3;
        public const int Boolean = 4;
        public const int EndStatus = 1;
        public const int EndTime = 2;
        public const int Success = 1;
        public const int Failure = 2;

        public const int ExperimentParameter = 4;
        public const int ExperimentMetric = 5;
        public const int ParameterName = 1;
        public const int ParameterType = 4;
        public const int TypeText = 1;
        public const int TypeBoolean = 2;
        public const int TypeNumber = 3;
        public const int MetricName = 1;
        public const int MetricTag = 2;
    }
}
