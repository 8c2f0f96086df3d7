using ModelDsl.Compiled;
using ModelDsl.Devices;
using ModelDsl.Models;

namespace ModelDsl;

/// <content>The passes of a training step.</content>
public abstract partial class Model
{
    private Batch? forwarded;
    private int forwardedCount;
    private bool awaitsBackward;
    private uint steps;

    /// <summary>The mean loss of the last <see cref="Forward"/>. Reading it waits for the device.</summary>
    /// <exception cref="InvalidOperationException">The model is for prediction only, or <see cref="Forward"/> has not been called.</exception>
    public float LastLoss
    {
        get
        {
            ThrowIfDisposed();
            PredictionOnly.Reject(Description);
            ThrowIfNotForwarded();
            return device.ReadLoss();
        }
    }

    /// <summary>The number of samples that a training step has room for without allocating.</summary>
    public int BatchCapacity => device.BatchCapacity;

    /// <summary>
    /// Runs the training forward pass, which computes the outputs and the mean loss. The model's memory grows if the batch is larger than all batches before it. For outputs over 8,192 or more
    /// classes it also computes the gradients of their layer, so gradients of an earlier <see cref="Backward(Batch)"/> are overwritten.
    /// </summary>
    /// <param name="batch">The samples: the model's inputs, then its targets.</param>
    /// <exception cref="ArgumentException">
    /// The batch is empty, has other columns, or a label, token id or target is out of range; or it has one sample and a layer needs several.
    /// </exception>
    /// <exception cref="InvalidOperationException">The model is for prediction only, or another thread is training it.</exception>
    /// <exception cref="NonFiniteNumberException">The project sets <c>ModelDslCheckNumbers</c>, and a number is infinite or NaN. <see cref="UndoStep"/> undoes the step.</exception>
    public void Forward(Batch batch)
    {
        ThrowIfDisposed();
        PredictionOnly.Reject(Description);
        if (Description.Losses.Length > 0)
            throw SeveralLosses();
        BatchCheck.Check(Description, batch, withTargets: true);
        BatchCheck.CheckTraining(Description, batch);
        gate.EnterTraining();
        try
        {
            forwarded = null;
            changes = StepChanges.Forward;
            device.Forward(batch, (uint)Seed, NextStep(batch), loss: 0);
            forwarded = batch;
            forwardedCount = batch.Count;
            awaitsBackward = true;
        }
        finally
        {
            gate.ExitTraining();
        }
    }

    /// <summary>
    /// Computes the gradients of the mean loss of the last <see cref="Forward"/>, and overwrites earlier gradients. It can be called once after each <c>Forward</c>, because it
    /// overwrites the values that <c>Forward</c> has computed. For a model with <see cref="States"/>, it updates them, and other threads cannot use the model meanwhile.
    /// </summary>
    /// <param name="batch">The same batch, unchanged.</param>
    /// <exception cref="InvalidOperationException">
    /// <see cref="Forward"/> has not been called with this batch, or <c>Backward</c> was called after it; the model is for prediction only; or another thread is training the model.
    /// </exception>
    public void Backward(Batch batch) => Backward(batch, completed: null);

    /// <summary>Computes the gradients, and announces those that are final before the end of the pass.</summary>
    /// <param name="batch">The same batch, unchanged.</param>
    /// <param name="completed">What is told which gradients are final; null for nothing.</param>
    internal void Backward(Batch batch, ICompletedGradients? completed)
    {
        ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(batch);
        PredictionOnly.Reject(Description);
        if (Description.Losses.Length > 0)
            throw SeveralLosses();
        if (!ReferenceEquals(batch, forwarded) || batch.Count != forwardedCount)
            throw new InvalidOperationException($"Backward of {Description.Name} needs a Forward of the same batch before it: call Forward with this batch first.");
        if (!awaitsBackward)
        {
            throw new InvalidOperationException(
                $"Backward of {Description.Name} has already run for this Forward, and has overwritten the values that Forward computed: call Forward with the batch again.");
        }

        // Predictions read parameters and states. The optimizer's update changes the parameters; this method changes the states.
        using var access = States.Count > 0 ? WriteStates() : Train();
        awaitsBackward = false;
        BackwardUndoably(batch, completed: completed);
        GradientsWritten();
    }

    /// <summary>The raw outputs (logits) of the last <see cref="Forward"/> for all samples, valid until the next one.</summary>
    /// <param name="output">The index of the output in the model's declaration.</param>
    /// <exception cref="ArgumentOutOfRangeException">The model has no output with this index.</exception>
    /// <exception cref="InvalidOperationException"><see cref="Forward"/> has not been called; the model is for prediction only; or training steps do not keep the output, see <see cref="ModelAttribute.KeepOutputs"/>.</exception>
    public ReadOnlySpan<float> LastOutputs(int output = 0)
    {
        ThrowIfDisposed();
        CheckOutput(output);
        PredictionOnly.Reject(Description);
        if (Description.Losses.Length > 0)
            throw SeveralLosses();
        if (Description.Outputs[output].IsInside)
            throw new InvalidOperationException($"Training steps do not keep '{Description.Outputs[output].Name}', which lies inside {Description.Name}: predict it.");
        if (Description.Outputs[output].IsDropped)
        {
            throw new InvalidOperationException(
                $"Training steps of {Description.Name} do not keep '{Description.Outputs[output].Name}', which has {Description.Outputs[output].Shape[^1]:N0} classes: predict it, or declare [Model(KeepOutputs = true)].");
        }

        ThrowIfNotForwarded();
        return device.ReadOutput(output);
    }

    /// <summary>Makes room for training on batches of the given size, so that later steps do not allocate.</summary>
    /// <param name="samples">The number of samples, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="samples"/> is less than 1.</exception>
    /// <exception cref="InvalidOperationException">
    /// The model is for prediction only, another thread is training it, or the memory would be too large for one buffer or for the machine.
    /// </exception>
    public void EnsureBatchCapacity(int samples)
    {
        ThrowIfDisposed();
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        PredictionOnly.Reject(Description);
        using var access = Train();
        if (samples <= device.BatchCapacity)
            return;

        // The results of the last Forward are lost with the old memory.
        forwarded = null;
        device.EnsureBatchCapacity(samples);
    }

    /// <summary>The number of training steps, which the masks of dropout depend on. Setting it forgets the last step, which a checkpoint does not contain.</summary>
    internal uint TrainingSteps
    {
        get => steps;
        set => (steps, forwarded, changes, accumulated, beforeMicroBatches, mean) = (value, null, StepChanges.None, 0, null, null);
    }

    private void ThrowIfNotForwarded()
    {
        if (forwarded is null)
            throw new InvalidOperationException($"Forward of {Description.Name} has not been called yet: call it first.");
    }
}
