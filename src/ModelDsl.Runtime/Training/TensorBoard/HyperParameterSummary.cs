using System.Globalization;
using Fields = ModelDsl.Training.TensorBoard.SummaryFields.HyperParameters;

namespace ModelDsl.Training.TensorBoard;

/// <summary>The values of the plug-in HParams: the list of hyperparameters and metrics, and the start and the end of a run.</summary>
internal static class HyperParameterSummary
{
    public const string ExperimentTag = "_hparams_/experiment";
    public const string StartTag = "_hparams_/session_start_info";
    public const string EndTag = "_hparams_/session_end_info";

    private const string Plugin = "hparams";

    /// <summary>Checks hyperparameters, and converts all numbers to one type.</summary>
    /// <exception cref="ArgumentException">There are none, a name is empty, or a value has another type.</exception>
    public static IReadOnlyList<(string Name, object Value)> Check(IReadOnlyDictionary<string, object> values)
    {
        if (values.Count == 0)
            throw new ArgumentException("There are no hyperparameters; give at least one.", nameof(values));
        return [.. values.Select(static pair => (Name(pair.Key), Value(pair.Key, pair.Value)))];
    }

    public static void Experiment(SummaryWriter writer, IReadOnlyList<(string Name, object Value)> values, IReadOnlyList<string> metrics) => Write(writer, Fields.Experiment, message =>
    {
        foreach (var (name, value) in values)
        {
            var parameter = message.Begin(Fields.ExperimentParameter);
            message.String(Fields.ParameterName, name);
            message.Int64(Fields.ParameterType, value is string ? Fields.TypeText : value is bool ? Fields.TypeBoolean : Fields.TypeNumber);
            message.End(parameter);
        }

        foreach (var metric in metrics)
        {
            var info = message.Begin(Fields.ExperimentMetric);
            var name = message.Begin(Fields.MetricName);
            message.String(Fields.MetricTag, metric);
            message.End(name);
            message.End(info);
        }
    });

    public static void Start(SummaryWriter writer, IReadOnlyList<(string Name, object Value)> values) => Write(writer, Fields.SessionStart, message =>
    {
        foreach (var (name, value) in values)
        {
            var entry = message.Begin(Fields.StartValues);
            message.String(Fields.MapKey, name);
            var content = message.Begin(Fields.MapValue);
            if (value is string text)
                message.String(Fields.Text, text);
            else if (value is bool flag)
                message.Int64(Fields.Boolean, flag ? 1 : 0);
            else
                message.Double(Fields.Number, (double)value);
            message.End(content);
            message.End(entry);
        }

        message.Double(Fields.StartTime, SummaryWriter.Now);
    });

    public static void End(SummaryWriter writer, bool succeeded) => Write(writer, Fields.SessionEnd, message =>
    {
        message.Int64(Fields.EndStatus, succeeded ? Fields.Success : Fields.Failure);
        message.Double(Fields.EndTime, SummaryWriter.Now);
    });

    private static void Write(SummaryWriter writer, int field, Action<ProtoWriter> write) => writer.Plugin(Plugin, message =>
    {
        var data = message.Begin(field);
        write(message);
        message.End(data);
    });

    private static string Name(string name) =>
        string.IsNullOrEmpty(name) ? throw new ArgumentException("The name of a hyperparameter is empty.") : name;

    private static object Value(string name, object value) => value switch
    {
        string or bool => value,
        sbyte or byte or short or ushort or int or uint or long or ulong or Half or float or double or decimal => Number(name, value),
        _ => throw new ArgumentException($"The hyperparameter '{name}' is {(value is null ? "null" : $"a {value.GetType().Name}")}; it must be a string, a Boolean or a number. Use ToString for other values."),
    };

    private static double Number(string name, object value)
    {
        var number = value is Half half ? (double)half : Convert.ToDouble(value, CultureInfo.InvariantCulture);
        return double.IsFinite(number) ? number
            : throw new ArgumentException(FormattableString.Invariant($"The hyperparameter '{name}' is {number}; a number must be finite. Use a string for it."));
    }
}
