using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Emit.Model;

/// <summary>The other half of a partial property with [Weight]: like all of a Forward it is never run.</summary>
internal static class WeightWriter
{
    public static string HintName(WeightProperty weight) => new ProgramNames(weight.Type).File(weight.Name + ".Weight");

    public static string Write(WeightProperty weight)
    {
        var writer = new CodeWriter();
        foreach (var line in SourceHeader.Lines) writer.Line(line);
        var type = weight.Type;
        var open = new Stack<IDisposable>();
        if (type.Namespace.Length > 0) open.Push(writer.Block($"namespace {type.Namespace}"));
        foreach (var container in type.Containers) open.Push(writer.Block(container));
        using (writer.Block($"partial class {ProgramNames.Identifier(type)}"))
        {
            var name = Names.Keywords.Contains(weight.Name) ? "@" + weight.Name : weight.Name;
            writer.Line($"{weight.Modifiers} global::ModelDsl.Tensor {name} => throw new global::System.InvalidOperationException({Literals.Text(Message(weight))});");
        }

        while (open.Count > 0) open.Pop().Dispose();
        return writer.ToString();
    }

    private static string Message(WeightProperty weight) =>
        $"'{weight.Name}' describes a weight to the compiler of the network and has no value at run time; the numbers are in the model's Parameters.";
}
