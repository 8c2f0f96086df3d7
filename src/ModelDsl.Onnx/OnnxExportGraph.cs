namespace ModelDsl;

/// <summary>Which computation of a model an ONNX file has.</summary>
public enum OnnxExportGraph
{
    /// <summary>Predictions.</summary>
    Prediction,

    /// <summary>
    /// The outputs in a training step: dropout draws random numbers, and batch normalization uses the statistics of the batch. The states after the step, such as running statistics, are outputs too.
    /// </summary>
    Training,

    /// <summary>The same with the targets as further inputs and the mean loss as a further output. For one of several losses, the outputs of the model are left out.</summary>
    TrainingWithLoss,
}
