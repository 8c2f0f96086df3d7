using ModelDsl.Compiled;
using ModelDsl.Generator.Tests.Generated;

namespace ModelDsl.Ilgpu.Tests.Support;

/// <summary>Runs a model where it computes, by the members users call.</summary>
internal static class DeviceRun
{
    /// <summary>A training step without an update: the loss, the outputs, all gradients of what it trains, the states as they are afterwards.</summary>
    public static Outcome Train(Model model, Sample sample, int loss)
    {
        var description = model.Description;
        var batch = Begin(model, sample);
        var outcome = new Outcome();
        var part = "";
        if (description.Losses.Length > 0)
        {
            model.GetType().GetMethod("Backward" + description.Losses[loss].Name)!.Invoke(model, [batch]);
            part = description.Losses[loss].Part + ".";
        }
        else
        {
            model.Forward(batch);
            model.Backward(batch);
            for (var i = 0; i < description.Outputs.Length && !description.Outputs[i].IsInside; i++)
                outcome.Values.Add(description.Outputs[i].Name, model.LastOutputs(i).ToArray());
        }

        outcome.Values.Add("loss", [model.LastLoss]);
        foreach (var gradient in model.Gradients.Where(gradient => gradient.Name.StartsWith(part, StringComparison.Ordinal)))
            outcome.Values.Add(gradient.Name, gradient.ToArray());
        foreach (var state in model.States)
            outcome.Values.Add(state.Name, state.ToArray());
        return outcome;
    }

    /// <summary>Inference: raw outputs, outputs after the output activation, losses.</summary>
    public static Outcome Infer(Model model, Sample sample)
    {
        var description = model.Description;
        var outcome = new Outcome();
        using var inference = model.Infer(Begin(model, sample), InferParts.OutputActivation | InferParts.Loss);
        for (var i = 0; i < description.Outputs.Length; i++)
        {
            outcome.Values.Add(description.Outputs[i].Name, inference.Outputs(i).ToArray());
            outcome.Values.Add(description.Outputs[i].Name + " activated", inference.Activated(i).ToArray());
        }

        if (description.Losses.Length == 0)
            outcome.Values.Add("loss", [inference.Loss]);
        foreach (var loss in description.Losses)
            outcome.Values.Add(loss.Name, [inference.LossOf(loss.Name)]);
        return outcome;
    }

    /// <summary>Gives a model the sample's parameters and states, and returns its columns.</summary>
    private static Batch Begin(Model model, Sample sample)
    {
        foreach (var parameter in model.Parameters)
            parameter.CopyFrom(sample.Parameters[parameter.Name]);
        foreach (var state in model.States)
            state.CopyFrom(sample.Parameters[state.Name]);
        ColumnDescription[] columns = [.. model.Description.Inputs, .. model.Description.Targets];
        var batch = new Batch(columns, sample.N) { Count = sample.N };
        for (var i = 0; i < columns.Length; i++)
        {
            if (columns[i].Type == ColumnType.Float)
                sample.Columns[i].CopyTo(batch.Floats(i));
            else
                Array.ConvertAll(sample.Columns[i], value => (int)value).CopyTo(batch.Ints(i));
        }

        return batch;
    }
}
