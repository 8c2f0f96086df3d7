using ModelDsl.Generator.Loops;

namespace ModelDsl.Generator.Emit.Cpu;

/// <summary>The functions that kernels of all widths call and that are the same for every width. Functions that differ only in names become one.</summary>
/// <param name="writer">The writer of kernels for all widths.</param>
/// <param name="unique">Makes the name of a method unique.</param>
internal sealed class SharedFunctions(KernelWriter writer, Func<string, string> unique)
{
    private readonly Dictionary<KernelShape, SharedMethod> functions = [];

    /// <summary>The method for a function.</summary>
    /// <param name="function">The function.</param>
    /// <param name="kernel">The kernel that calls it.</param>
    public string Of(Function function, string kernel)
    {
        var shape = ShapeOf(function);
        if (!functions.TryGetValue(shape, out var known))
        {
            var name = unique(function.Name);
            functions.Add(shape, known = new SharedMethod(name, function.Remark, writer.Method(function with { Name = name }, "protected")));
        }

        return known.For(kernel);
    }

    /// <summary>Whether functions of several widths are the same and call no others.</summary>
    public static bool AreEqual(IReadOnlyList<Function?> variants) =>
        variants.All(function => function is { Template: null } && !StatementSearch.Any(function.Body, statement => statement is Call)) && variants.Select(function => ShapeOf(function!)).Distinct().Count() == 1;

    /// <summary>Writes the methods.</summary>
    public void Write(CodeWriter target)
    {
        foreach (var function in functions.Values) function.Write(target);
    }

    private static KernelShape ShapeOf(Function function) => KernelShape.Of(new Kernel("", [], function, [], new Loops.Range(1)));
}
