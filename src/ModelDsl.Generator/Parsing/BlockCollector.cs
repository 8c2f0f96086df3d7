using Microsoft.CodeAnalysis;
using ModelDsl.Generator.Common;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Parsing.Bodies;

namespace ModelDsl.Generator.Parsing;

/// <summary>
/// Finds all blocks that are reachable from a class, and lists of layers with endless recursion. Whether a Forward method ends depends on its arguments.
/// </summary>
internal sealed class BlockCollector(
    Func<INamedTypeSymbol, (BlockSpec Block, IReadOnlyList<BlockUse> Uses)> parse, ICollection<Problem> problems)
{
    private readonly Dictionary<string, BlockSpec> blocks = [];
    private readonly List<BlockSpec> found = [];

    /// <summary>The path from the start to the current block: each block with the attribute that uses the next one.</summary>
    private readonly List<(BlockSpec Block, Site Use)> path = [];

    public EquatableArray<BlockSpec> Found => found.ToEquatableArray();

    /// <summary>Searches from a block as if it were used.</summary>
    public void Enter(INamedTypeSymbol type)
    {
        var key = Symbols.KeyOf(type);
        if (blocks.ContainsKey(key)) return;
        var (block, uses) = parse(type);
        blocks.Add(key, block);
        found.Add(block);
        foreach (var use in uses)
        {
            path.Add((block, use.Site));
            var start = path.FindIndex(step => step.Block.Key == Symbols.KeyOf(use.Type));
            if (start < 0) Enter(use.Type);
            else if (path.Skip(start).All(step => step.Block.Forward is null)) problems.Add(Cycle(path.GetRange(start, path.Count - start)));
            path.RemoveAt(path.Count - 1);
        }
    }

    /// <summary>The same cycle is found from each of its blocks. It is reported from the first by name, so that it is one error.</summary>
    private static Problem Cycle(List<(BlockSpec Block, Site Use)> circle)
    {
        var first = circle.FindIndex(step => circle.TrueForAll(other => string.CompareOrdinal(step.Block.Key, other.Block.Key) <= 0));
        var told = circle.Skip(first).Concat(circle.Take(first)).ToList();
        var last = told[told.Count - 1];
        var name = told[0].Block.Name;
        var way = string.Join(" → ", told.Select(step => step.Block.Name).Append(name));
        return Problem.At(Descriptors.BlockCycle.Id, last.Use, name, way)
            .With([.. told.Take(told.Count - 1).Select(step => step.Use)]);
    }
}
