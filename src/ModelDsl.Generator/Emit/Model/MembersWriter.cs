namespace ModelDsl.Generator.Emit.Model;

/// <summary>Writes the members for users: constructors, predictions with the names of the model, and files.</summary>
internal static class MembersWriter
{
    public static string Write(CompiledModel model, CancellationToken cancellation = default) => TypeWriter.Write(
        model.Spec.Type,
        writer => SummaryTable.Write(writer, model),
        writer =>
        {
            DescriptionWriter.Write(writer, model, cancellation);
            Constructors(writer, model);
            if (model.Spec.Weights is { } weights) WeightsMemberWriter.Write(writer, model.Spec, weights);
            PredictionWriter.Write(writer, model);
            if (model.Decoding is not null) SessionWriter.Write(writer, model);
            LossMembersWriter.Write(writer, model);
            ExampleWriter.Write(writer, model);
        });

    private static void Constructors(CodeWriter writer, CompiledModel model)
    {
        var name = Identifiers.Escape(model.Spec.Type.Name);
        writer.Line();
        writer.Line("/// <summary>Creates the model with fresh parameters.</summary>");
        writer.Line(model.Spec.IsPredictionOnly
            ? "/// <param name=\"seed\">Decides the initial values.</param>"
            : "/// <param name=\"seed\">Decides the initial values and the dropout masks: the same seed gives the same training run.</param>");
        writer.Line("/// <param name=\"device\">Where it computes; null for the CPU.</param>");
        using (writer.Block($"public {name}(int seed = 0, global::ModelDsl.Device? device = null)\n    : base(GeneratedDescription, seed, device)"))
        {
        }

        writer.Line();
        using (writer.Block($"private {name}(global::ModelDsl.Checkpoints.SafetensorsFile file, global::ModelDsl.Device? device)\n    : base(GeneratedDescription, file, device)"))
        {
        }

        writer.Line();
        writer.Line("/// <summary>Creates the model with the parameters of a safetensors file, which must hold exactly these.</summary>");
        writer.Line("/// <param name=\"path\">The file.</param>");
        writer.Line("/// <param name=\"device\">Where it computes; null for the CPU.</param>");
        using (writer.Block($"public static {name} FromFile(string path, global::ModelDsl.Device? device = null)"))
        {
            writer.Line("using global::ModelDsl.Checkpoints.SafetensorsFile file = global::ModelDsl.Checkpoints.SafetensorsFile.Open(path);");
            writer.Line($"return new {name}(file, device);");
        }
    }
}
