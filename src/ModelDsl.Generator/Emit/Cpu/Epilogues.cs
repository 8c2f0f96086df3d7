using ModelDsl.Generator.Loops;

namespace ModelDsl.Generator.Emit.Cpu;

/// <summary>
/// Writes the epilogues of register tiles as types: a structure for each, with a static method that the tile calls for each of its sums. The type is a type argument of the tile.
/// Equal epilogues share a type.
/// </summary>
/// <param name="writer">The writer of the methods.</param>
/// <param name="access">The access modifier of the types.</param>
/// <param name="unique">Makes the name of a type unique.</param>
internal sealed class Epilogues(KernelWriter writer, string access, Func<string, string> unique)
{
    /// <summary>The type parameter of a tile for its epilogue.</summary>
    public const string TypeParameter = "TEpilogue";

    private readonly Dictionary<KernelShape, (string Name, string Interface, CodeWriter Method, List<string> Kernels)> epilogues = [];
    private readonly Dictionary<string, string> interfaces = [];

    /// <summary>The type of an epilogue.</summary>
    /// <param name="epilogue">The epilogue.</param>
    /// <param name="kernel">The kernel.</param>
    public string Of(Function epilogue, string kernel)
    {
        var shape = KernelShape.Of(new Kernel("", [], epilogue, [], new Loops.Range(1)));
        if (!epilogues.TryGetValue(shape, out var known)) epilogues.Add(shape, known = (unique(kernel + "Epilogue"), Interface(epilogue), writer.Epilogue(epilogue), []));
        if (!known.Kernels.Contains(kernel)) known.Kernels.Add(kernel);
        return known.Name;
    }

    /// <summary>The interface of epilogues with the same parameters as the given one.</summary>
    public string Interface(Function epilogue)
    {
        var signature = writer.Signature(epilogue, withNames: false);
        if (!interfaces.TryGetValue(signature, out var name)) interfaces.Add(signature, name = unique("IEpilogue"));
        return name;
    }

    /// <summary>Writes the types.</summary>
    public void Write(CodeWriter target)
    {
        foreach (var pair in interfaces)
        {
            target.Line();
            target.Summary(["What becomes of sums of a register tile, given operands and results at the position of the first."]);
            using (target.Block($"{access} interface {pair.Value}")) target.Line($"static abstract void Store({pair.Key});");
        }

        foreach (var (name, type, method, kernels) in epilogues.Values)
        {
            target.Line();
            target.Summary([$"The results of {string.Join(", ", kernels)} from sums."]);
            using (target.Block($"{access} readonly struct {name} : {type}")) target.Block(method);
        }
    }
}
