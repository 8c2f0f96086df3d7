using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ModelDsl;

public abstract partial class Dataset
{
    /// <summary>Creates a dataset from columns: the model's inputs in their order, followed by its targets.</summary>
    /// <param name="columns">The columns, all with the same number of samples.</param>
    /// <exception cref="ArgumentException">There are no columns, or their numbers of samples differ.</exception>
    public static Dataset FromColumns(params DataColumn[] columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        return new ColumnarDataset([.. columns]);
    }

    /// <summary>Creates a dataset of floats with class labels. The arrays are not copied.</summary>
    /// <param name="inputs">The inputs, in the order of the samples; each sample has <c>inputs.Length · labelLength / labels.Length</c> values.</param>
    /// <param name="labels">The class of each sample, starting at 0.</param>
    /// <param name="labelLength">The number of labels per sample, such as the number of positions of a sequence. The default is 1: each label belongs to a separate sample.</param>
    /// <exception cref="ArgumentException">The inputs cannot be divided among the samples.</exception>
    public static Dataset FromArrays(float[] inputs, int[] labels, int labelLength = 1)
    {
        var column = Labels(labels, labelLength);
        return FromColumns(DataColumn.Floats("input", inputs, InputLength(inputs, column)), column);
    }

    /// <summary>Creates a dataset of floats with float targets. The arrays are not copied.</summary>
    /// <param name="inputs">The inputs, in the order of the samples; each sample has <c>inputs.Length · targetLength / targets.Length</c> values.</param>
    /// <param name="targets">The targets, in the order of the samples.</param>
    /// <param name="targetLength">The number of targets per sample. The default is 1: each target belongs to a separate sample.</param>
    /// <exception cref="ArgumentException">The inputs cannot be divided among the samples.</exception>
    public static Dataset FromArrays(float[] inputs, float[] targets, int targetLength = 1)
    {
        var column = Targets(targets, targetLength);
        return FromColumns(DataColumn.Floats("input", inputs, InputLength(inputs, column)), column);
    }

    /// <summary>Creates a dataset of token sequences with class labels. The arrays are not copied.</summary>
    /// <param name="tokens">The token ids, in the order of the samples; each sample has <c>tokens.Length · labelLength / labels.Length</c> of them.</param>
    /// <param name="labels">The class of each sample, starting at 0.</param>
    /// <param name="labelLength">The number of labels per sample, such as the number of positions of a sequence. The default is 1: each label belongs to a separate sample.</param>
    /// <exception cref="ArgumentException">The tokens cannot be divided among the samples.</exception>
    public static Dataset FromArrays(int[] tokens, int[] labels, int labelLength = 1)
    {
        var column = Labels(labels, labelLength);
        return FromColumns(DataColumn.Ints("input", tokens, InputLength(tokens, column)), column);
    }

    /// <summary>Creates a dataset of token sequences with float targets. The arrays are not copied.</summary>
    /// <param name="tokens">The token ids, in the order of the samples; each sample has <c>tokens.Length · targetLength / targets.Length</c> of them.</param>
    /// <param name="targets">The targets, in the order of the samples.</param>
    /// <param name="targetLength">The number of targets per sample. The default is 1: each target belongs to a separate sample.</param>
    /// <exception cref="ArgumentException">The tokens cannot be divided among the samples.</exception>
    public static Dataset FromArrays(int[] tokens, float[] targets, int targetLength = 1)
    {
        var column = Targets(targets, targetLength);
        return FromColumns(DataColumn.Ints("input", tokens, InputLength(tokens, column)), column);
    }

    /// <summary>Creates a dataset of bytes, such as images, with class labels. The arrays are not copied.</summary>
    /// <param name="images">The pixels, in the order of the samples; each sample has <c>images.Length / labels.Length</c> of them.</param>
    /// <param name="labels">The class of each sample, starting at 0.</param>
    /// <param name="scale">The factor of each byte; 1/255 gives values in [0, 1].</param>
    /// <exception cref="ArgumentException">The pixels cannot be divided among the samples.</exception>
    public static Dataset FromArrays(byte[] images, int[] labels, float scale)
    {
        var column = Labels(labels, 1);
        return FromColumns(DataColumn.Bytes("input", images, scale, InputLength(images, column)), column);
    }

    /// <summary>Creates a dataset of bytes, such as images, with float targets. The arrays are not copied.</summary>
    /// <param name="images">The pixels, in the order of the samples; each sample has <c>images.Length · targetLength / targets.Length</c> of them.</param>
    /// <param name="targets">The targets, in the order of the samples.</param>
    /// <param name="scale">The factor of each byte; 1/255 gives values in [0, 1].</param>
    /// <param name="targetLength">The number of targets per sample. The default is 1: each target belongs to a separate sample.</param>
    /// <exception cref="ArgumentException">The pixels cannot be divided among the samples.</exception>
    public static Dataset FromArrays(byte[] images, float[] targets, float scale, int targetLength = 1)
    {
        var column = Targets(targets, targetLength);
        return FromColumns(DataColumn.Bytes("input", images, scale, InputLength(images, column)), column);
    }

    /// <summary>Creates a dataset without targets, for a model whose target is its input. The array is not copied.</summary>
    /// <param name="inputs">The inputs, in the order of the samples.</param>
    /// <param name="inputLength">The number of values per sample.</param>
    /// <exception cref="ArgumentException">The length of the inputs is not a multiple of <paramref name="inputLength"/>.</exception>
    public static Dataset FromArrays(float[] inputs, int inputLength)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return FromColumns(DataColumn.Floats("input", inputs, inputLength));
    }

    /// <summary>Creates a dataset with one row of inputs per sample and class labels. The inputs are copied.</summary>
    /// <param name="inputs">The inputs, one row per sample.</param>
    /// <param name="labels">The class of each sample, starting at 0.</param>
    /// <exception cref="ArgumentException">The numbers of labels and rows differ.</exception>
    public static Dataset FromArrays(float[,] inputs, int[] labels) => FromColumns(Matrix("input", inputs), Labels(labels, 1));

    /// <summary>Creates a dataset with one row of inputs and one float target per sample. The inputs are copied.</summary>
    /// <param name="inputs">The inputs, one row per sample.</param>
    /// <param name="targets">The target of each sample.</param>
    /// <exception cref="ArgumentException">The numbers of targets and rows differ.</exception>
    public static Dataset FromArrays(float[,] inputs, float[] targets) => FromColumns(Matrix("input", inputs), Targets(targets, 1));

    /// <summary>Creates a dataset with one row of inputs and one row of float targets per sample. Both are copied.</summary>
    /// <param name="inputs">The inputs, one row per sample.</param>
    /// <param name="targets">The targets, one row per sample.</param>
    /// <exception cref="ArgumentException">The numbers of rows differ.</exception>
    public static Dataset FromArrays(float[,] inputs, float[,] targets) => FromColumns(Matrix("input", inputs), Matrix("target", targets));

    /// <summary>Creates a dataset of floats with class labels, which are copied from spans.</summary>
    /// <param name="inputs">The inputs, in the order of the samples.</param>
    /// <param name="labels">The class of each sample, starting at 0.</param>
    /// <exception cref="ArgumentException">The inputs cannot be divided among the samples.</exception>
    public static Dataset FromSpans(ReadOnlySpan<float> inputs, ReadOnlySpan<int> labels) => FromArrays(inputs.ToArray(), labels.ToArray());

    /// <summary>Creates a dataset of floats with float targets, which are copied from spans.</summary>
    /// <param name="inputs">The inputs, in the order of the samples.</param>
    /// <param name="targets">The targets, in the order of the samples.</param>
    /// <param name="targetLength">The number of targets per sample. The default is 1: each target belongs to a separate sample.</param>
    /// <exception cref="ArgumentException">The inputs cannot be divided among the samples.</exception>
    public static Dataset FromSpans(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, int targetLength = 1) =>
        FromArrays(inputs.ToArray(), targets.ToArray(), targetLength);

    /// <summary>Creates a dataset of token sequences with class labels, which are copied from spans.</summary>
    /// <param name="tokens">The token ids, in the order of the samples.</param>
    /// <param name="labels">The class of each sample, starting at 0.</param>
    /// <exception cref="ArgumentException">The tokens cannot be divided among the samples.</exception>
    public static Dataset FromSpans(ReadOnlySpan<int> tokens, ReadOnlySpan<int> labels) => FromArrays(tokens.ToArray(), labels.ToArray());

    private static DataColumn Labels(int[] labels, int length)
    {
        ArgumentNullException.ThrowIfNull(labels);
        return DataColumn.Ints("label", labels, ShapeOf(length, nameof(length)));
    }

    private static DataColumn Targets(float[] targets, int length)
    {
        ArgumentNullException.ThrowIfNull(targets);
        return DataColumn.Floats("target", targets, ShapeOf(length, nameof(length)));
    }

    private static int[] ShapeOf(int length, string parameter)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1, parameter);
        return length == 1 ? [] : [length];
    }

    private static DataColumn Matrix(string name, float[,] rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.GetLength(1) == 0)
            throw new ArgumentException($"The rows of '{name}' are empty.");
        var values = new float[rows.Length];
        if (values.Length > 0)
            MemoryMarshal.CreateReadOnlySpan(ref rows[0, 0], rows.Length).CopyTo(values);
        return DataColumn.Floats(name, values, rows.GetLength(1));
    }

    /// <summary>Returns the number of values per input sample, from the number of samples of <paramref name="targets"/>.</summary>
    private static int InputLength(Array inputs, DataColumn targets, [CallerArgumentExpression(nameof(inputs))] string parameter = "")
    {
        ArgumentNullException.ThrowIfNull(inputs, parameter);
        if (targets.Count == 0 ? inputs.Length == 0 : inputs.Length > 0 && inputs.Length % targets.Count == 0)
            return targets.Count == 0 ? 1 : inputs.Length / targets.Count;
        throw new ArgumentException(
            $"{inputs.Length} input values cannot be divided among {targets.Count} samples (as many as there are values in "
            + $"'{targets.Description.Name}'{(targets.Description.Length == 1 ? "" : $", {targets.Description.Length} each")}); "
            + $"where a sample has several, say how many with {(targets.Description.Type == Compiled.ColumnType.Float ? "targetLength" : "labelLength")}.", parameter);
    }
}
