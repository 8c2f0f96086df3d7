using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Diagnostics;

/// <summary>Mistakes in a list of layers that its lowering does not meet.</summary>
internal static class ListRules
{
    /// <summary>A block that nobody uses is not lowered, but inputs and losses do not belong in it all the same.</summary>
    public static IEnumerable<Problem> CheckBlock(BlockSpec block) =>
        from layer in block.Layers
        let known = LayerTable.TryFind(layer.Kind)
        where known is SourceLayer or LossLayer or OutputLayer
        select known is OutputLayer
            ? NamedOutputs.InBlock(new LayerCall(layer), block.Name)
            : Problem.At(Descriptors.NotInBlock.Id, layer.Site, $"[{layer.Kind}]", block.Name).Suggest(Repair.Remove(layer.Site, $"[{layer.Kind}]"));
}
