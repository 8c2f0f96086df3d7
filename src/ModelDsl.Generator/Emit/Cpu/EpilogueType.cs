using ModelDsl.Generator.Loops;

namespace ModelDsl.Generator.Emit.Cpu;

/// <summary>A structure that implements a method of epilogues, and the kernels whose tiles have it as a type argument.</summary>
/// <param name="Name">The name.</param>
/// <param name="Interface">The interface that it implements.</param>
/// <param name="Method">The method.</param>
internal sealed record EpilogueType(string Name, string Interface, CodeWriter Method)
{
    private readonly List<string> kernels = [];

    /// <summary>Records that a kernel uses the structure, and returns its name.</summary>
    public string For(string kernel)
    {
        if (!kernels.Contains(kernel)) kernels.Add(kernel);
        return Name;
    }

    /// <summary>The key that epilogues with equal methods share.</summary>
    /// <param name="epilogue">The epilogue.</param>
    /// <param name="method">The method.</param>
    public static (KernelShape Shape, string Sizes, int Operands, int Results) Key(Epilogue epilogue, FunctionTemplate method) =>
        (method.Key.Shape, method.Key.Sizes, epilogue.Operands.Count, epilogue.Results.Count);

    /// <summary>Writes the structure.</summary>
    /// <param name="writer">The writer of the program.</param>
    /// <param name="access">The access modifier.</param>
    public void Write(CodeWriter writer, string access)
    {
        writer.Line();
        writer.Summary([$"The results of {string.Join(", ", kernels)} from sums."]);
        using (writer.Block($"{access} readonly struct {Name} : {Interface}")) writer.Block(Method);
    }
}
