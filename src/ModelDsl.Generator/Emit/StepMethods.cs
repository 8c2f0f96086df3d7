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
    /// <summary>The suffix of the methods of the plan for all positions, in a program with buckets.</summary>
    public const string AllPositions = "All";

    /// <summary>The suffix of the methods of the plans of a bucket.</summary>
    public static string NameOf(BucketPlans plans) => plans.Length == 0 ? AllPositions : $"First{plans.Length}";

    /// <param name="training">The training plan of each loss; empty for a model for prediction only, which has no training step.</param>
    /// <param name="infer">The inference plan.</param>
    /// <param name="decoding">The plans of sessions; null or empty for a model that generates nothing.</param>
    /// <param name="buckets">The plans of buckets; null or empty if there are none.</param>
    public void Write(IReadOnlyList<GraphPlan> training, GraphPlan infer, IReadOnlyList<GraphPlan>? decoding = null, IReadOnlyList<BucketPlans>? buckets = null)
    {
        if (buckets is { Count: > 0 })
        {
            WriteBuckets([.. buckets, new(0, training, infer)]);
        }
        else
        {
            if (training.Count > 0)
            {
                WriteTraining("public override", "Forward", training, part => part == 0);
                WriteTraining("public override", "Backward", training, part => part >= 1);
            }

            WriteMethod("public override", $"Infer({parameters}, InferParts parts)", () => writeBody(infer, _ => true));
        }

        if (decoding is { Count: > 0 }) WriteDecoding(decoding);
    }

    private void WriteDecoding(IReadOnlyList<GraphPlan> decoding)
    {
        var chunks = decoding.Count(plan => plan.Computes(RootKind.Output));
        string[] names = [.. decoding.Select((_, plan) => plan >= chunks ? "Encode" : plan == chunks - 1 ? "DecodeOne" : "DecodeChunk")];
        WriteMethod("public override", $"Decode({parameters}, int plan)", () =>
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

    /// <summary>Writes methods that select the plan of a bucket. The plan for all positions is the last.</summary>
    private void WriteBuckets(IReadOnlyList<BucketPlans> plans)
    {
        if (plans[0].Training.Count > 0)
        {
            WriteChoice("Forward", parameters, arguments);
            foreach (var plan in plans) WriteTraining(own, "Forward" + NameOf(plan), plan.Training, part => part == 0);
            WriteChoice("Backward", parameters, arguments);
            foreach (var plan in plans) WriteTraining(own, "Backward" + NameOf(plan), plan.Training, part => part >= 1);
        }

        WriteChoice("Infer", $"{parameters}, InferParts parts", $"{arguments}, parts");
        foreach (var plan in plans) WriteMethod(own, $"Infer{NameOf(plan)}({parameters}, InferParts parts)", () => writeBody(plan.Infer, _ => true));

        void WriteChoice(string name, string given, string passed) => WriteMethod("public override", $"{name}({given})", () =>
        {
            using (writer.Block("switch (step.Bucket)"))
            {
                for (var plan = 0; plan < plans.Count; plan++) writer.Line($"{(plan == plans.Count - 1 ? "default" : $"case {plan}")}: {name}{NameOf(plans[plan])}({passed}); break;");
            }
        });
    }

    private void WriteTraining(string modifiers, string name, IReadOnlyList<GraphPlan> training, Func<int, bool> runs)
    {
        if (!model.Lowered.HasSeveralLosses)
        {
            WriteMethod(modifiers, $"{name}({parameters})", () => writeBody(training[0], runs));
            return;
        }

        WriteMethod(modifiers, $"{name}({parameters})", () =>
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

    private void WriteMethod(string modifiers, string signature, Action body)
    {
        writer.Line();
        if (modifiers != own) writer.Line("/// <inheritdoc/>");
        using (writer.Block($"{modifiers} void {signature}")) body();
    }
}
