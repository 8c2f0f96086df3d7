using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Diagnostics;

/// <summary>Finds errors in lists of layers that are not lowered.</summary>
internal static class ListRules
{
    /// <summary>Finds inputs and losses in a block. A block that is not used is not lowered, but they are errors in it too.</summary>
    public static IEnumerable<Problem> CheckBlock(BlockSpec block) =>
        from layer in block.Layers
        let known = LayerTable.TryFind(layer.Kind)
        where known is SourceLayer or LossLayer or OutputLayer
        select known is OutputLayer
            ? NamedOutputs.InBlock(new LayerCall(layer), block.Name)
            : Problem.At(Descriptors.NotInBlock.Id, layer.Site, $"[{layer.Kind}]", block.Name).Suggest(Repair.Remove(layer.Site, $"[{layer.Kind}]"));
}
