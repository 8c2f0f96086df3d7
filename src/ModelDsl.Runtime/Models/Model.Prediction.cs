using ModelDsl.Compiled;
using ModelDsl.Models;

namespace ModelDsl;

/// <content><content>Predictions: thread-safe, because each has its own workspace.</content></content>
public abstract partial class Model
{
    /// <summary>Inferences run on chunks of samples with this number of floats in the workspace, which fit into the caches.</summary>
    private const int ChunkFloats = 1 << 20;

    /// <summary>Runs the inference plan on a batch, for evaluation and for custom metrics.</summary>
    /// <param name="batch">The samples. Without <see cref="InferParts.Loss"/>, columns after the inputs are ignored.</param>
    /// <param name="parts">What to compute in addition to the raw outputs.</param>
    /// <returns>The results. Dispose them after reading them.</returns>
    /// <exception cref="ArgumentException">The batch is empty, has other columns, or a label, token id or target is out of range.</exception>
    /// <exception cref="InvalidOperationException">
    /// Another thread is training or loading the model, or the loss is requested and the model is for prediction only.
    /// </exception>
    public Inference Infer(Batch batch, InferParts parts = InferParts.None)
    {
        ThrowIfDisposed();
        var withLoss = (parts & InferParts.Loss) != 0;
        if (withLoss)
            PredictionOnly.Reject(Description);
        BatchCheck.Check(Description, batch, withLoss);
        var prediction = BeginPrediction();
        try
        {
            return prediction.Run(batch, parts);
        }
        catch
        {
            prediction.Dispose();
            throw;
        }
    }

    /// <summary>Predicts from a single input of floats. For generated members.</summary>
    /// <param name="input">The values of all samples.</param>
    /// <param name="output">Receives the values of the output for all samples.</param>
    /// <param name="parts"><see cref="InferParts.OutputActivation"/> for the output after the output activation, otherwise the raw output.</param>
    /// <param name="which">The index of the output in the model's declaration.</param>
    /// <exception cref="ArgumentException">The length of the input or output is wrong.</exception>
    /// <exception cref="InvalidOperationException">Another thread is training or loading the model.</exception>
    protected void PredictFloats(ReadOnlySpan<float> input, Span<float> output, InferParts parts, int which = 0)
    {
        var samples = CountSamples(ColumnType.Float, input.Length);
        CheckOutputLength(output.Length, samples, which);
        using var prediction = BeginPrediction();
        var columnLength = Description.Inputs[0].Length;
        for (var done = 0; done < samples;)
        {
            var count = Math.Min(samples - done, ChunkSamples());
            var batch = prediction.Columns(count);
            input.Slice(done * columnLength, count * columnLength).CopyTo(batch.Floats(0));
            Predict(prediction, batch, output, done, parts, which);
            done += count;
        }
    }

    /// <summary>Predicts from a single input of token ids. For generated members.</summary>
    /// <param name="input">The ids of all samples.</param>
    /// <param name="output">Receives the values of the output for all samples.</param>
    /// <param name="parts"><see cref="InferParts.OutputActivation"/> for the output after the output activation, otherwise the raw output.</param>
    /// <param name="which">The index of the output in the model's declaration.</param>
    /// <exception cref="ArgumentException">The length of the input or output is wrong, or an id is out of range.</exception>
    /// <exception cref="InvalidOperationException">Another thread is training or loading the model.</exception>
    protected void PredictTokens(ReadOnlySpan<int> input, Span<float> output, InferParts parts, int which = 0)
    {
        var samples = CountSamples(ColumnType.Int, input.Length);
        CheckOutputLength(output.Length, samples, which);
        BatchCheck.CheckIds(Description, Description.Inputs[0], input);
        using var prediction = BeginPrediction();
        var columnLength = Description.Inputs[0].Length;
        for (var done = 0; done < samples;)
        {
            var count = Math.Min(samples - done, ChunkSamples());
            var batch = prediction.Columns(count);
            input.Slice(done * columnLength, count * columnLength).CopyTo(batch.Ints(0));
            Predict(prediction, batch, output, done, parts, which);
            done += count;
        }
    }

    /// <summary>Predicts into a new array. For generated members.</summary>
    /// <inheritdoc cref="PredictFloats(ReadOnlySpan{float}, Span{float}, InferParts, int)"/>
    /// <returns>The values of the output for all samples.</returns>
    protected float[] PredictFloats(ReadOnlySpan<float> input, InferParts parts, int which = 0)
    {
        var output = new float[OutputLength(CountSamples(ColumnType.Float, input.Length), which)];
        PredictFloats(input, output, parts, which);
        return output;
    }

    /// <summary>Predicts into a new array. For generated members.</summary>
    /// <inheritdoc cref="PredictTokens(ReadOnlySpan{int}, Span{float}, InferParts, int)"/>
    /// <returns>The values of the output for all samples.</returns>
    protected float[] PredictTokens(ReadOnlySpan<int> input, InferParts parts, int which = 0)
    {
        var output = new float[OutputLength(CountSamples(ColumnType.Int, input.Length), which)];
        PredictTokens(input, output, parts, which);
        return output;
    }

    /// <summary>
    /// Begins a prediction from any number of inputs: fill <see cref="Prediction.Columns"/>, run it, and read the results. For generated members of models
    /// with several inputs or outputs. The caller of <see cref="Prediction.Run(Batch, InferParts)"/> checks lengths and ids.
    /// </summary>
    /// <exception cref="InvalidOperationException">Another thread is training or loading the model.</exception>
    protected Prediction BeginPrediction()
    {
        ThrowIfDisposed();
        gate.EnterRead();
        try
        {
            return new Prediction(this, workspaces.Rent());
        }
        catch
        {
            gate.ExitRead();
            throw;
        }
    }

    internal void EndPrediction(Devices.InferenceWorkspace workspace)
    {
        workspaces.Return(workspace);
        gate.ExitRead();
    }

    private void Predict(Prediction prediction, Batch batch, Span<float> output, int done, InferParts parts, int which)
    {
        var length = Description.Outputs[which].Length;
        prediction.Run(batch, parts).Read(which, (parts & InferParts.OutputActivation) != 0).CopyTo(output[(done * length)..]);
    }

    private int ChunkSamples() => Math.Clamp(ChunkFloats / Math.Max(1, device.InferenceFloats) / 16 * 16, 16, 1024);

    internal int CountSamples(int input, int values)
    {
        var column = Description.Inputs[input];
        return values != 0 && values % column.Length == 0 ? values / column.Length : throw NoMultiple(column, values);
    }

    internal void CheckInput(int input, int values, int samples)
    {
        var given = CountSamples(input, values);
        if (given != samples)
        {
            throw new ArgumentException(
                $"'{Description.Inputs[input].Name}' of {Description.Name} has values for {given} samples, but '{Description.Inputs[0].Name}' for {samples}.");
        }
    }

    internal int ChunkOf(int samples) => Math.Min(samples, ChunkSamples());

    private ArgumentException NoMultiple(ColumnDescription column, int values) => new(
        $"'{column.Name}' of {Description.Name} takes {column.Length} values per sample [{string.Join(", ", column.Shape)}], " +
        $"but the span has {values}, which is {(values == 0 ? "no sample" : "no multiple")}.");

    private int CountSamples(ColumnType type, int values)
    {
        var column = Description.Inputs[0];
        if (Description.Inputs.Length != 1 || column.Type != type)
            throw new InvalidOperationException($"{Description.Name} does not have one input of {(type == ColumnType.Float ? "floats" : "token ids")}.");
        return values != 0 && values % column.Length == 0 ? values / column.Length : throw NoMultiple(column, values);
    }

    private int OutputLength(int samples, int which)
    {
        CheckOutput(which);
        return checked(samples * Description.Outputs[which].Length);
    }

    internal void CheckOutputLength(int values, int samples, int which)
    {
        var expected = OutputLength(samples, which);
        if (values == expected)
            return;
        var output = Description.Outputs[which];
        throw new ArgumentException(
            $"'{output.Name}' of {Description.Name} has {output.Length} values per sample, {expected} for {samples}, but the span has {values}.");
    }
}
