using ModelDsl.Generator.Loops;

namespace ModelDsl.Generator.Emit.Cpu;

/// <summary>
/// Writes the methods of epilogues that compute results from sums that have been stored. They are the same for all register widths. A structure for each method is a type argument of
/// the epilogues of the widths.
/// </summary>
/// <param name="writer">The writer of kernels for all widths.</param>
/// <param name="unique">Makes the name of a type unique.</param>
internal sealed class Finishes(KernelWriter writer, Func<string, string> unique)
{
    private readonly Dictionary<(KernelShape, string, int, int), EpilogueType> types = [];
    private readonly Dictionary<string, string> interfaces = [];

    /// <summary>The structure with the method of an epilogue.</summary>
    /// <param name="epilogue">The epilogue.</param>
    /// <param name="kernel">The kernel.</param>
    public string Of(Epilogue epilogue, string kernel)
    {
        var key = EpilogueType.Key(epilogue, epilogue.Finish!);
        if (!types.TryGetValue(key, out var type)) types.Add(key, type = new EpilogueType(unique(kernel + "Epilogue"), Interface(epilogue), writer.Method(epilogue, epilogue.Finish!)));
        return type.For(kernel);
    }

    /// <summary>The interface of the structures for epilogues with the same parameters as the given one.</summary>
    public string Interface(Epilogue epilogue)
    {
        var signature = writer.Signature(epilogue, epilogue.Finish!.Function);
        if (!interfaces.TryGetValue(signature, out var name)) interfaces.Add(signature, name = unique("IFinish"));
        return name;
    }

    /// <summary>Writes the types.</summary>
    public void Write(CodeWriter target)
    {
        foreach (var pair in interfaces)
        {
            target.Line();
            target.Summary(["Computes results from the sums of a register tile that have been stored, given operands and results at the position of the first."]);
            using (target.Block($"protected interface {pair.Value}")) target.Line($"static abstract void {pair.Key};");
        }

        foreach (var type in types.Values) type.Write(target, "protected");
    }
}
