using ModelDsl.Compiled;
using ModelDsl.Devices;

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
    /// <param name="samples">Number of samples; its <see cref="Batch.Count"/> is set to it.</param>
    public Batch Columns(int samples) => workspace.Columns(model.Description.Inputs, samples);

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
    /// <exception cref="InvalidOperationException">It was not asked for.</exception>
    public float Loss => (parts & InferParts.Loss) != 0
        ? workspace.ReadLoss()
        : throw new InvalidOperationException("The loss was not asked for: pass InferParts.Loss to Infer.");

    /// <summary>The raw outputs (logits): samples · values.</summary>
    /// <param name="output">The output's place in the model's declaration.</param>
    public ReadOnlySpan<float> Outputs(int output = 0) => Read(output, linked: false);

    /// <summary>The outputs after the loss's link (probabilities): samples · values.</summary>
    /// <param name="output">The output's place in the model's declaration.</param>
    /// <exception cref="InvalidOperationException">They were not asked for.</exception>
    public ReadOnlySpan<float> Linked(int output = 0) => (parts & InferParts.Link) != 0
        ? Read(output, linked: true)
        : throw new InvalidOperationException("The outputs after the link were not asked for: pass InferParts.Link to Infer.");

    /// <summary>Gives the memory back to the model.</summary>
    public void Dispose() => model.EndPrediction(workspace);

    internal ReadOnlySpan<float> Read(int output, bool linked)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(output);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(output, model.Description.Outputs.Length);
        return workspace.ReadOutput(output, linked);
    }
}
