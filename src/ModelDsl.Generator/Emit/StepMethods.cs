using ModelDsl.Generator.Emit.Model;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Emit;

/// <summary>
/// Writes the methods of a program: the forward and backward pass of a training step, and the inference. With several losses there is a pair for each, and a method that selects
/// one.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="writer">The writer of the class.</param>
/// <param name="parameters">The parameters of a step.</param>
/// <param name="arguments">The arguments that pass these parameters on.</param>
/// <param name="own">The modifiers of the methods of each of several losses.</param>
/// <param name="writeBody">Writes the calls of the parts of a plan that a method runs.</param>
internal sealed class StepMethods(
    CompiledModel model, CodeWriter writer, string parameters, string arguments, string own, Action<GraphPlan, Func<int, bool>> writeBody)
{
    /// <param name="training">The training plan of each loss.</param>
    /// <param name="infer">The inference plan.</param>
    /// <param name="decoding">The plans of sessions; null or empty for a model that generates nothing.</param>
    public void Write(IReadOnlyList<GraphPlan> training, GraphPlan infer, IReadOnlyList<GraphPlan>? decoding = null)
    {
        WriteTraining("Forward", training, part => part == 0);
        WriteTraining("Backward", training, part => part >= 1);
        WriteOverride($"Infer({parameters}, InferParts parts)", () => writeBody(infer, _ => true));
        if (decoding is { Count: > 0 }) WriteDecoding(decoding);
    }

    private void WriteDecoding(IReadOnlyList<GraphPlan> decoding)
    {
        var chunks = decoding.Count(plan => plan.Computes(RootKind.Output));
        string[] names = [.. decoding.Select((_, plan) => plan >= chunks ? "Encode" : plan == chunks - 1 ? "DecodeOne" : "DecodeChunk")];
        WriteOverride($"Decode({parameters}, int plan)", () =>
        {
            using (writer.Block("switch (plan)"))
            {
                for (var plan = 0; plan < names.Length; plan++) writer.Line($"case {plan}: {names[plan]}({arguments}); break;");
            }
        });
        for (var plan = 0; plan < names.Length; plan++)
        {
            writer.Line();
            using (writer.Block($"{own} void {names[plan]}({parameters})")) writeBody(decoding[plan], _ => true);
        }
    }

    private void WriteTraining(string name, IReadOnlyList<GraphPlan> training, Func<int, bool> runs)
    {
        if (!model.Lowered.HasSeveralLosses)
        {
            WriteOverride($"{name}({parameters})", () => writeBody(training[0], runs));
            return;
        }

        WriteOverride($"{name}({parameters})", () =>
        {
            using (writer.Block("switch (step.Loss)"))
            {
                for (var loss = 0; loss < training.Count; loss++) writer.Line($"case {loss}: {model.StepName(name, loss)}({arguments}); break;");
            }
        });
        for (var loss = 0; loss < training.Count; loss++)
        {
            writer.Line();
            using (writer.Block($"{own} void {model.StepName(name, loss)}({parameters})")) writeBody(training[loss], runs);
        }
    }

    private void WriteOverride(string signature, Action body)
    {
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        using (writer.Block($"public override void {signature}")) body();
    }
}
