namespace ModelDsl.Generator.Emit.Model;

/// <summary>Writes the members of a model with several losses: the training step of each, and the parameters that it trains.</summary>
internal static class LossMembersWriter
{
    public static void Write(CodeWriter writer, CompiledModel model)
    {
        if (!model.Lowered.HasSeveralLosses) return;
        for (var i = 0; i < model.Lowered.Losses.Count; i++)
        {
            var loss = model.Lowered.Losses[i];
            writer.Line();
            writer.Summary([$"Runs the training step of {loss.Name}: the loss, and its gradients by what it trains ({loss.Part}). LastLoss is then its value."]);
            writer.Line("/// <param name=\"batch\">The samples: all inputs, then what the losses declare.</param>");
            writer.Line($"public void {model.StepName("Backward", i)}(global::ModelDsl.Batch batch) => base.Backward(batch, {i});");
        }

        foreach (var part in model.Lowered.Losses.Where(loss => loss.Part.Length > 0).GroupBy(loss => loss.Part).Select(losses => losses.First()))
        {
            writer.Line();
            writer.Summary([$"The weights of {part.Part}, to be updated alone."]);
            writer.Line($"public global::ModelDsl.ModelPart {part.Member} => base.PartOf({Literals.Text(part.Part)});");
        }
    }
}
