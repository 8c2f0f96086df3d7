using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Emit.Model;

/// <summary>Writes the generated part of a user's partial class, inside its namespace and containing classes.</summary>
internal static class TypeWriter
{
    /// <param name="type">The class.</param>
    /// <param name="writeSummary">Writes the documentation of the part.</param>
    /// <param name="writeMembers">Writes its members.</param>
    public static string Write(TypeSpec type, Action<CodeWriter> writeSummary, Action<CodeWriter> writeMembers)
    {
        var writer = new CodeWriter();
        foreach (var line in SourceHeader.Lines) writer.Line(line);
        Around(writer, type, () =>
        {
            writeSummary(writer);
            using (writer.Block($"{type.Header} : global::ModelDsl.Model")) writeMembers(writer);
        });
        return writer.ToString();
    }

    /// <summary>Writes a part of a class inside its namespace and containing classes.</summary>
    public static void Around(CodeWriter writer, TypeSpec type, Action writePart)
    {
        var open = new Stack<IDisposable>();
        if (type.Namespace.Length > 0) open.Push(writer.Block($"namespace {type.Namespace}"));
        foreach (var container in type.Containers) open.Push(writer.Block(container));
        writePart();
        while (open.Count > 0) open.Pop().Dispose();
    }
}
