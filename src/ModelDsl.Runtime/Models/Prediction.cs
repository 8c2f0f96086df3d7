using ModelDsl.Compiled;
using ModelDsl.Devices;
using ModelDsl.Models;

namespace ModelDsl;

/// <summary>A prediction in progress: a workspace of the model's pool, given back when disposed.</summary>
public readonly ref struct Prediction
{
    private readonly Model model;
    private readonly InferenceWorkspace workspace;

    internal Prediction(Model model, InferenceWorkspace workspace)
    {
        this.model = model;
        this.workspace = workspace;
    }

    /// <summary>A batch of the model's inputs to fill, which lives as long as the workspace.</summary>
    /// <param name="samples">Number of samples; its <see cref="Batch.Count"/> is set to as many of them as are predicted at a time.</param>
    public Batch Columns(int samples) => workspace.Columns(model.Description.Inputs, model.ChunkOf(samples));

    /// <summary>The number of samples that so many values of the first input are.</summary>
    /// <param name="values">The number of values.</param>
    /// <exception cref="ArgumentException">They are no multiple of a sample's.</exception>
    public int CountSamples(int values) => model.CountSamples(0, values);

    /// <summary>Checks that an input has values for so many samples.</summary>
    /// <param name="input">The input's index.</param>
    /// <param name="values">The values of all samples.</param>
    /// <param name="samples">The number of samples.</param>
    /// <exception cref="ArgumentException">It has not.</exception>
    public void CheckInput(int input, ReadOnlySpan<float> values, int samples) => model.CheckInput(input, values.Length, samples);

    /// <summary>Checks that an input has token ids for so many samples, all in range.</summary>
    /// <param name="input">The input's index.</param>
    /// <param name="values">The token ids of all samples.</param>
    /// <param name="samples">The number of samples.</param>
    /// <exception cref="ArgumentException">It has not, or one is out of range.</exception>
    public void CheckInput(int input, ReadOnlySpan<int> values, int samples)
    {
        model.CheckInput(input, values.Length, samples);
        BatchCheck.CheckIds(model.Description, model.Description.Inputs[input], values);
    }

    /// <summary>Checks that there is room for the results of so many samples.</summary>
    /// <param name="output">The output's index.</param>
    /// <param name="results">The room.</param>
    /// <param name="samples">The number of samples.</param>
    /// <exception cref="ArgumentException">There is more or less.</exception>
    public void CheckOutput(int output, ReadOnlySpan<float> results, int samples) => model.CheckOutputLength(results.Length, samples, output);

    /// <summary>Fills an input of a batch with the values of as many samples as it counts.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="input">The input's index.</param>
    /// <param name="values">The values of all samples.</param>
    /// <param name="first">The sample to begin with.</param>
    public void Fill(Batch batch, int input, ReadOnlySpan<float> values, int first)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var length = model.Description.Inputs[input].Length;
        values.Slice(first * length, batch.Count * length).CopyTo(batch.Floats(input));
    }

    /// <summary>Fills an input of a batch with the token ids of as many samples as it counts.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="input">The input's index.</param>
    /// <param name="values">The token ids of all samples.</param>
    /// <param name="first">The sample to begin with.</param>
    public void Fill(Batch batch, int input, ReadOnlySpan<int> values, int first)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var length = model.Description.Inputs[input].Length;
        values.Slice(first * length, batch.Count * length).CopyTo(batch.Ints(input));
    }

    /// <summary>Runs the inference plan.</summary>
    /// <param name="batch">Checked samples: the ones of <see cref="Columns"/>, or others.</param>
    /// <param name="parts">What is wanted beside the raw outputs.</param>
    /// <returns>The results. They and the prediction share the workspace: dispose one of the two.</returns>
    public Inference Run(Batch batch, InferParts parts)
    {
        workspace.Run(batch, parts);
        return new Inference(model, workspace, parts);
    }

    /// <summary>Gives the workspace back.</summary>
    public void Dispose() => model.EndPrediction(workspace);
}

/// <summary>The results of <see cref="Model.Infer"/>, in memory that is reused once they are disposed.</summary>
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
    /// <exception cref="InvalidOperationException">It was not asked for, or there are several.</exception>
    public float Loss => model.Description.Losses.Length == 0
        ? ReadLoss(0)
        : throw new InvalidOperationException($"{model.Description.Name} has several losses: read each by its name with LossOf(name).");

    /// <summary>The mean of one of several losses.</summary>
    /// <param name="name">The name of the method that is the loss.</param>
    /// <exception cref="ArgumentException">There is no such loss.</exception>
    /// <exception cref="InvalidOperationException">Losses were not asked for.</exception>
    public float LossOf(string name)
    {
        var losses = model.Description.Losses;
        var index = Array.FindIndex(losses, loss => loss.Name == name);
        return index >= 0 ? ReadLoss(index) : throw new ArgumentException(
            $"{model.Description.Name} has no loss '{name}'; " +
            (losses.Length == 0 ? "read its only one with Loss." : $"there is {string.Join(", ", losses.Select(static loss => $"'{loss.Name}'"))}."),
            nameof(name));
    }

    /// <summary>The raw outputs (logits): samples · values.</summary>
    /// <param name="output">The output's index in the model's declaration.</param>
    public ReadOnlySpan<float> Outputs(int output = 0) => Read(output, linked: false);

    /// <summary>The outputs after the loss's link (probabilities): samples · values.</summary>
    /// <param name="output">The output's index in the model's declaration.</param>
    /// <exception cref="InvalidOperationException">They were not asked for.</exception>
    public ReadOnlySpan<float> Linked(int output = 0) => (parts & InferParts.Link) != 0
        ? Read(output, linked: true)
        : throw new InvalidOperationException("The outputs after the link were not asked for: pass InferParts.Link to Infer.");

    /// <summary>Copies what was predicted, after the link where that was asked for, to its position among the results of more samples.</summary>
    /// <param name="output">The output's index in the model's declaration.</param>
    /// <param name="results">The results of all samples.</param>
    /// <param name="first">The sample that this run began with.</param>
    public void CopyTo(int output, Span<float> results, int first) =>
        Read(output, (parts & InferParts.Link) != 0).CopyTo(results[(first * model.Description.Outputs[output].Length)..]);

    /// <summary>Gives the memory back to the model.</summary>
    public void Dispose() => model.EndPrediction(workspace);

    internal float ReadLoss(int loss) => (parts & InferParts.Loss) != 0
        ? workspace.ReadLoss(loss)
        : throw new InvalidOperationException("The loss was not asked for: pass InferParts.Loss to Infer.");

    internal ReadOnlySpan<float> Read(int output, bool linked)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(output);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(output, model.Description.Outputs.Length);
        return workspace.ReadOutput(output, linked);
    }
}
