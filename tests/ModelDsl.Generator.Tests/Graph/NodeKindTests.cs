using ModelDsl.Generator.Autodiff;
using ModelDsl.Generator.RegionAnalysis;
using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Tests.Graph;

/// <summary>What docs/add-an-operation.md promises: the compiler stays without a switch that a new kind of node could be missing from.</summary>
public class NodeKindTests
{
    [Fact]
    public void A_kind_of_node_takes_five_files()
    {
        // Beside its own file and INodeVisitor, a file for each visitor.
        Type[] visitors = [.. typeof(Node).Assembly.GetTypes().Where(type => type.GetInterfaces().Any(one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(INodeVisitor<>)))];
        Assert.Equal([typeof(GradientRules), typeof(RegionRules), typeof(GroupKinds)], visitors.OrderBy(type => type.Namespace, StringComparer.Ordinal));
    }
}
