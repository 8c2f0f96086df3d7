using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Scans;

/// <summary>Determines whether a loop over time can run sample by sample, so that its steps do not wait for other samples.</summary>
internal static class LoopForm
{
    /// <summary>Whether the values of a sample in each step depend only on that sample.</summary>
    public static bool Fits(ScanNode scan)
    {
        var body = scan.Body;
        if (body.Totals.Count > 0 || body.Carried.Count == 0 || !body.Graph.Roots.All(root => root.Value.Shape.HasBatch)) return false;
        var shared = new HashSet<Node>(body.Values.Where(value => !value.Shape.HasBatch));
        return body.Graph.Nodes.All(node => node switch
        {
            LoopValueNode or MapNode { Operands.Count: 0 } => true,
            ScanNode inner => Fits(inner),
            ScanResultNode => node.Shape.HasBatch,
            _ when !node.Shape.HasBatch => false,
            ContractNode contract => IsPerSample(contract.Domain, contract.Output) && contract.Operands.Any(operand => operand.Node.Shape.HasBatch)
                && !contract.Operands.Any(operand => body.Sequences.Any(sequence => ReferenceEquals(sequence, operand.Node)) && shared.Contains(operand.Node)),
            ReduceNode reduce => IsPerSample(reduce.Domain, reduce.Output),
            ScatterAddNode => false,
            _ => true,
        });
    }

    private static bool IsPerSample(Shape domain, IndexMap output) => !domain.HasBatch || output.Coordinates.Any(coordinate => coordinate.Axis == 0);
}
