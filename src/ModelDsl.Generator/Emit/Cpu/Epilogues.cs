using ModelDsl.Generator.Loops;

namespace ModelDsl.Generator.Emit.Cpu;

/// <summary>
/// Writes the epilogues of the register tiles of a width as types: a structure for each, which is a type argument of tiles. A tile calls the method <c>Store</c> for each register
/// of sums and the method <c>Finish</c> at its end. Equal epilogues share a type.
/// </summary>
/// <param name="writer">The writer of functions on one register.</param>
/// <param name="finishes">The methods for sums that have been stored, which all widths share.</param>
/// <param name="unique">Makes the name of a type unique.</param>
internal sealed class Epilogues(KernelWriter writer, Finishes finishes, Func<string, string> unique)
{
    /// <summary>The type parameter of a tile for its epilogue.</summary>
    public const string TypeParameter = "TEpilogue";

    /// <summary>The type parameter of epilogues that only store sums, for the method that computes results from them.</summary>
    public const string FinishParameter = "TFinish";

    private readonly Dictionary<(KernelShape, string, int, int), EpilogueType> types = [];
    private readonly Dictionary<(KernelShape, string, string), StoredSums> stored = [];
    private readonly Dictionary<string, (string Name, string Finish)> interfaces = [];

    /// <summary>The type of an epilogue.</summary>
    /// <param name="epilogue">The epilogue.</param>
    /// <param name="kernel">The kernel.</param>
    public string Of(Epilogue epilogue, string kernel)
    {
        if (epilogue.Finish is not null) return $"{Stored(epilogue)}<{finishes.Of(epilogue, kernel)}>";
        var key = EpilogueType.Key(epilogue, epilogue.Store);
        if (!types.TryGetValue(key, out var type)) types.Add(key, type = new EpilogueType(unique(kernel + "Epilogue"), Interface(epilogue), writer.Method(epilogue, epilogue.Store)));
        return type.For(kernel);
    }

    /// <summary>The interface of epilogues with the same parameters as the given one.</summary>
    public string Interface(Epilogue epilogue)
    {
        var signature = writer.Signature(epilogue, epilogue.Store.Function);
        if (!interfaces.TryGetValue(signature, out var known)) interfaces.Add(signature, known = (unique("IEpilogue"), writer.Signature(epilogue, epilogue.FinishCall)));
        return known.Name;
    }

    /// <summary>Writes the types.</summary>
    public void Write(CodeWriter target)
    {
        foreach (var pair in interfaces)
        {
            target.Line();
            target.Summary(["What becomes of the sums of a register tile, given operands and results at the position of the first."]);
            using (target.Block($"private interface {pair.Value.Name}"))
            {
                target.Summary(["Receives a register of sums and its row, position or panel, and column in the tile."]);
                target.Line($"static abstract void {pair.Key};");
                target.Line();
                target.Summary(["Is called after all sums."]);
                using (target.Block($"static virtual void {pair.Value.Finish}"))
                {
                }
            }
        }

        foreach (var type in types.Values) type.Write(target, "private");
        foreach (var type in stored.Values) type.Write(target);
    }

    /// <summary>The epilogue that stores sums and then calls the method for stored sums of a type argument.</summary>
    private string Stored(Epilogue epilogue)
    {
        var (shape, sizes, _) = epilogue.Store.Key;
        var key = (shape, sizes, Interface(epilogue));
        if (!stored.TryGetValue(key, out var known))
        {
            var arguments = string.Join(", ", epilogue.Parameters.Select(parameter => parameter.Name).Concat(epilogue.Finish!.Function.Integers.Select(integer => integer.Name)));
            stored.Add(key, known = new StoredSums(
                unique("Stored"), Interface(epilogue), finishes.Interface(epilogue), writer.Method(epilogue, epilogue.Store),
                $"public static void {writer.Signature(epilogue, epilogue.FinishCall)} => {FinishParameter}.{epilogue.FinishCall.Name}<{TileSizesText.TypeParameter}>({arguments});"));
        }

        return known.Name;
    }

    private sealed record StoredSums(string Name, string Interface, string Finish, CodeWriter Store, string Call)
    {
        public void Write(CodeWriter target)
        {
            target.Line();
            target.Summary(["Stores sums, from which a type argument computes the results."]);
            target.Line($"private readonly struct {Name}<{FinishParameter}> : {Interface}");
            using (target.Block($"    where {FinishParameter} : struct, {Finish}"))
            {
                target.Block(Store);
                target.Line();
                target.Line("[@MethodImpl(MethodImplOptions.AggressiveInlining)]");
                target.Line(Call);
            }
        }
    }
}
