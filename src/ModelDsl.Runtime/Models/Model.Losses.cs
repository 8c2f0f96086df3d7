using ModelDsl.Compiled;
using ModelDsl.Models;

namespace ModelDsl;

/// <content><content>Several losses, each with its own training step, and the parts of the model that they train.</content></content>
public abstract partial class Model
{
    private readonly Dictionary<string, ModelPart> parts = [];

    /// <summary>
    /// Runs the training step of one of several losses: computes the loss, and the gradients of the parameters that it trains. Each call is a complete step, so it can
    /// be called several times with one batch. For generated members.
    /// </summary>
    /// <param name="batch">The samples: the model's inputs, then its targets.</param>
    /// <param name="loss">The index of the loss in the model's declaration.</param>
    /// <exception cref="ArgumentException">The batch is empty, has other columns, or a label, token id or target is out of range.</exception>
    /// <exception cref="InvalidOperationException">Another thread is training the model.</exception>
    protected void Backward(Batch batch, int loss)
    {
        ThrowIfDisposed();
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)loss, (uint)Description.Losses.Length, nameof(loss));
        BatchCheck.Check(Description, batch, withTargets: true);
        BatchCheck.CheckTraining(Description, batch);
        using var access = States.Count > 0 ? WriteStates() : Train();
        forwarded = null;
        changes = StepChanges.Forward;
        device.Forward(batch, (uint)Seed, NextStep(batch), loss);
        BackwardUndoably(batch, Description.Losses[loss].Part);
        forwarded = batch;
        forwardedCount = batch.Count;
        GradientsWritten(Description.Losses[loss].Part);
    }

    /// <summary>Returns a part of the model that a loss trains. For generated members.</summary>
    /// <param name="name">The prefix of the names of its parameters.</param>
    protected ModelPart PartOf(string name)
    {
        lock (parts)
        {
            if (!parts.TryGetValue(name, out var part))
                parts.Add(name, part = new ModelPart(this, name));
            return part;
        }
    }

    /// <summary>The objects that optimizers update, by the names of parts: the model itself, whose name is empty, and its parts.</summary>
    internal IEnumerable<(string Name, object Owner)> Updatable =>
        [("", this), .. Description.Losses.Select(static loss => loss.Part).Where(static part => part.Length > 0).Distinct().Select(part => (part, (object)PartOf(part)))];

    internal void GradientsWritten(string part = "")
    {
        for (var i = 0; i < hasGradient.Length; i++)
            hasGradient[i] |= ModelPart.Contains(part, Description.Parameters[i].Name);
    }

    private void CheckGradients(string part)
    {
        for (var i = 0; i < hasGradient.Length; i++)
        {
            var parameter = Description.Parameters[i];
            if (hasGradient[i] || !parameter.Trainable || !ModelPart.Contains(part, parameter.Name))
                continue;
            throw NoGradient(parameter.Name);
        }
    }

    private InvalidOperationException NoGradient(string parameter)
    {
        if (Description.Losses.Length == 0)
            return new InvalidOperationException($"{Description.Name} has no gradients yet: call Forward and Backward before Update.");
        var losses = Description.Losses.Where(loss => ModelPart.Contains(loss.Part, parameter)).Select(static loss => $"Backward{loss.Name}").ToArray();
        return new InvalidOperationException(
            $"'{parameter}' of {Description.Name} has no gradient yet: " + (losses.Length == 0
                ? "no loss trains it, so update the parts that losses train."
                : $"call {string.Join(" or ", losses)} before Update, or update another part."));
    }

    private InvalidOperationException SeveralLosses() => new(
        $"{Description.Name} has several losses, each with a training step of its own: call " +
        $"{string.Join(" and ", Description.Losses.Select(static loss => $"Backward{loss.Name}"))}, and update the part that each one trains.");
}
