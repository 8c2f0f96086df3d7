using ModelDsl.Compiled;
using ModelDsl.Devices;
using ModelDsl.Models;

namespace ModelDsl;

/// <summary>A prediction: a workspace from the model's pool, which is returned to the pool by <see cref="Dispose"/>.</summary>
public readonly ref struct Prediction
{
    private readonly Model model;
    private readonly InferenceWorkspace workspace;

    internal Prediction(Model model, InferenceWorkspace workspace)
    {
        this.model = model;
        this.workspace = workspace;
    }

    /// <summary>Returns a batch of the model's inputs to fill, which is valid as long as the workspace.</summary>
    /// <param name="samples">The number of samples. The <see cref="Batch.Count"/> of the result is the number of samples that are predicted together.</param>
    public Batch Columns(int samples) => workspace.Columns(model.Description.Inputs, model.ChunkOf(samples));

    /// <summary>Returns the number of samples in values of the first input.</summary>
    /// <param name="values">The number of values.</param>
    /// <exception cref="ArgumentException">The number of values is not a multiple of the values of one sample.</exception>
    public int CountSamples(int values) => model.CountSamples(0, values);

    /// <summary>Checks that an input has the values of a number of samples.</summary>
    /// <param name="input">The input's index.</param>
    /// <param name="values">The values of all samples.</param>
    /// <param name="samples">The number of samples.</param>
    /// <exception cref="ArgumentException">The number of values is wrong.</exception>
    public void CheckInput(int input, ReadOnlySpan<float> values, int samples) => model.CheckInput(input, values.Length, samples);

    /// <summary>Checks that an input has the token ids of a number of samples, all in range.</summary>
    /// <param name="input">The input's index.</param>
    /// <param name="values">The token ids of all samples.</param>
    /// <param name="samples">The number of samples.</param>
    /// <exception cref="ArgumentException">The number of ids is wrong, or an id is out of range.</exception>
    public void CheckInput(int input, ReadOnlySpan<int> values, int samples)
    {
        model.CheckInput(input, values.Length, samples);
        BatchCheck.CheckIds(model.Description, model.Description.Inputs[input], values);
    }

    /// <summary>Checks that a buffer has the length of the results of a number of samples.</summary>
    /// <param name="output">The output's index.</param>
    /// <param name="results">The buffer.</param>
    /// <param name="samples">The number of samples.</param>
    /// <exception cref="ArgumentException">The buffer has another length.</exception>
    public void CheckOutput(int output, ReadOnlySpan<float> results, int samples) => model.CheckOutputLength(results.Length, samples, output);

    /// <summary>Fills an input of a batch with the values of <see cref="Batch.Count"/> samples.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="input">The input's index.</param>
    /// <param name="values">The values of all samples.</param>
    /// <param name="first">The index of the first sample.</param>
    public void Fill(Batch batch, int input, ReadOnlySpan<float> values, int first)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var length = model.Description.Inputs[input].Length;
        values.Slice(first * length, batch.Count * length).CopyTo(batch.Floats(input));
    }

    /// <summary>Fills an input of a batch with the token ids of <see cref="Batch.Count"/> samples.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="input">The input's index.</param>
    /// <param name="values">The token ids of all samples.</param>
    /// <param name="first">The index of the first sample.</param>
    public void Fill(Batch batch, int input, ReadOnlySpan<int> values, int first)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var length = model.Description.Inputs[input].Length;
        values.Slice(first * length, batch.Count * length).CopyTo(batch.Ints(input));
    }

    /// <summary>Runs the inference plan.</summary>
    /// <param name="batch">Samples that have been checked: those of <see cref="Columns"/>, or others.</param>
    /// <param name="parts">What to compute in addition to the raw outputs.</param>
    /// <returns>The results. They share the workspace with the prediction: dispose only one of the two.</returns>
    public Inference Run(Batch batch, InferParts parts)
    {
        workspace.Run(batch, parts);
        return new Inference(model, workspace, parts);
    }

    /// <summary>Returns the workspace to the pool.</summary>
    public void Dispose() => model.EndPrediction(workspace);
}

/// <summary>The results of <see cref="Model.Infer"/>, in memory that is reused after they are disposed.</summary>
public readonly ref struct Inference
{
    private readonly Model model;
    private readonly InferenceWorkspace workspace;
    private readonly InferParts parts;

    internal Inference(Model model, InferenceWorkspace workspace, InferParts parts)
    {
        this.model = model;
        this.workspace = workspace;
        this.parts = parts;
    }

    /// <summary>The mean loss.</summary>
    /// <exception cref="InvalidOperationException">The loss was not requested, or there are several losses.</exception>
    public float Loss => model.Description.Losses.Length == 0
        ? ReadLoss(0)
        : throw new InvalidOperationException($"{model.Description.Name} has several losses: read each by its name with LossOf(name).");

    /// <summary>Returns the mean of one of several losses.</summary>
    /// <param name="name">The name of the method that declares the loss.</param>
    /// <exception cref="ArgumentException">The model has no loss with this name.</exception>
    /// <exception cref="InvalidOperationException">Losses were not requested.</exception>
    public float LossOf(string name)
    {
        var losses = model.Description.Losses;
        var index = Array.FindIndex(losses, loss => loss.Name == name);
        return index >= 0 ? ReadLoss(index) : throw new ArgumentException(
            $"{model.Description.Name} has no loss '{name}'; " +
            (losses.Length == 0 ? "read its only one with Loss." : $"there is {string.Join(", ", losses.Select(static loss => $"'{loss.Name}'"))}."),
            nameof(name));
    }

    /// <summary>The raw outputs (logits) of all samples.</summary>
    /// <param name="output">The index of the output in the model's declaration.</param>
    public ReadOnlySpan<float> Outputs(int output = 0) => Read(output, activated: false);

    /// <summary>The outputs of all samples after the output activation (probabilities).</summary>
    /// <param name="output">The index of the output in the model's declaration.</param>
    /// <exception cref="InvalidOperationException">These outputs were not requested.</exception>
    public ReadOnlySpan<float> Activated(int output = 0) => (parts & InferParts.OutputActivation) != 0
        ? Read(output, activated: true)
        : throw new InvalidOperationException("The outputs after the output activation were not requested: pass InferParts.OutputActivation to Infer.");

    /// <summary>Copies the outputs, after the output activation if that was requested, to their position among the results of all samples.</summary>
    /// <param name="output">The index of the output in the model's declaration.</param>
    /// <param name="results">The results of all samples.</param>
    /// <param name="first">The index of the first sample of this run.</param>
    public void CopyTo(int output, Span<float> results, int first) =>
        Read(output, (parts & InferParts.OutputActivation) != 0).CopyTo(results[(first * model.Description.Outputs[output].Length)..]);

    /// <summary>Returns the memory to the model.</summary>
    public void Dispose() => model.EndPrediction(workspace);

    internal float ReadLoss(int loss) => (parts & InferParts.Loss) != 0
        ? workspace.ReadLoss(loss)
        : throw new InvalidOperationException("The loss was not asked for: pass InferParts.Loss to Infer.");

    internal ReadOnlySpan<float> Read(int output, bool activated)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(output);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(output, model.Description.Outputs.Length);
        return workspace.ReadOutput(output, activated);
    }
}
