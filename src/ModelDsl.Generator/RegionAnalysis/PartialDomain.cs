using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.RegionAnalysis;

/// <summary>The part of a node's domain that computes a region of its value.</summary>
internal static class PartialDomain
{
    /// <summary>
    /// Whether each axis of the value is an axis of the domain, so that a part of the value is a part of the domain. <paramref name="output"/> returns the
    /// coordinates of the value.
    /// </summary>
    public static bool IsPlain(IndexMap output) =>
        output.Coordinates.All(coordinate => coordinate.Axis >= 0) && output.Coordinates.Select(coordinate => coordinate.Axis).Distinct().Count() == output.Rank;

    public static Box Of(Node node, Box region) => node switch
    {
        ContractNode contract => Of(contract, contract.Output, region),
        ReduceNode reduce => Of(reduce, reduce.Output, region),
        _ => region,
    };

    private static Box Of(Node node, IndexMap output, Box region)
    {
        var domain = Box.Whole(node.Domain);
        if (!IsPlain(output)) return domain;
        for (var axis = 0; axis < output.Rank; axis++)
        {
            domain.Low[output[axis].Axis] = region.Low[axis];
            domain.High[output[axis].Axis] = region.High[axis];
        }

        return domain;
    }
}
