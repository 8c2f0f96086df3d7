using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Emit.Model;

/// <summary>Writes the method that begins a session. It receives the inputs beside the tokens, whose values a session encodes once.</summary>
internal static class SessionWriter
{
    /// <summary>The name of the method.</summary>
    public const string Name = "CreateSession";

    /// <summary>The types of its parameters.</summary>
    public static string Types(ModelSpec spec) => Inputs(spec) is { Count: > 0 } inputs ? string.Join(", ", inputs.Select(Type)) : "int";

    /// <summary>Its header.</summary>
    public static string Header(ModelSpec spec)
    {
        var inputs = Inputs(spec);
        var parameters = inputs.Count == 0 ? "int samples = 1" : string.Join(", ", inputs.Zip(Arguments(inputs), (input, argument) => $"{Type(input)} {argument}"));
        return $"public global::ModelDsl.GenerationSession {Name}({parameters})";
    }

    /// <summary>Writes the method.</summary>
    public static void Write(CodeWriter writer, CompiledModel model)
    {
        writer.Line();
        writer.Line("/// <summary>Begins to generate: a session keeps what is computed for the tokens so far, so that the next one costs little. It has memory of its own.</summary>");
        var inputs = Inputs(model.Spec);
        if (inputs.Count == 0)
        {
            writer.Line("/// <param name=\"samples\">How many texts it continues at a time.</param>");
            writer.Line($"{Header(model.Spec)} => base.BeginSession(samples);");
            return;
        }

        var arguments = Arguments(inputs);
        for (var i = 0; i < arguments.Length; i++)
        {
            var shape = Comments.Xml(model.Lowered.Inputs[i].Node.Shape.ToString());
            writer.Line($"/// <param name=\"{arguments[i].TrimStart('@')}\">{shape}, for each text that the session writes.</param>");
        }

        var local = new Loops.Names([.. arguments]).Unique("encoder");
        using (writer.Block(Header(model.Spec)))
        {
            writer.Line($"global::ModelDsl.Compiled.EncoderInputs {local} = base.BeginEncoding({arguments[0]}.Length);");
            for (var i = 0; i < arguments.Length; i++) writer.Line($"{local}.Fill({i}, {arguments[i]});");
            writer.Line($"return {local}.BeginSession();");
        }
    }

    /// <summary>The inputs before the last, which is the text that is generated.</summary>
    private static List<LayerSpec> Inputs(ModelSpec spec) => ModelInputs.Of(spec) is { Count: > 1 } all ? all.GetRange(0, all.Count - 1) : [];

    private static string[] Arguments(List<LayerSpec> inputs) => TensorNames.Parameters(inputs.Select(ModelInputs.NameOf), []).Inputs;

    private static string Type(LayerSpec input) => $"global::System.ReadOnlySpan<{(ModelInputs.IsTokens(input) ? "int" : "float")}>";
}
