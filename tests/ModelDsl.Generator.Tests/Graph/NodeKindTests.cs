using ModelDsl.Generator.Autodiff;
using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.RegionAnalysis;

namespace ModelDsl.Generator.Tests.Graph;

/// <summary>What docs/add-an-operation.md promises: the compiler stays without a switch that a new kind of node could be missing from.</summary>
public class NodeKindTests
{
    [Fact]
    public void A_kind_of_node_takes_five_files()
    {
        // In addition to its own file and INodeVisitor, a file for each visitor that must answer for every kind.
        Type[] visitors = [.. typeof(Node).Assembly.GetTypes().Where(type => !IsPartial(type) && type.GetInterfaces().Any(one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(INodeVisitor<>)))];
        Assert.Equal([typeof(GradientRules), typeof(GroupKinds), typeof(RegionRules)], visitors.OrderBy(type => type.Namespace, StringComparer.Ordinal));
    }

    private static bool IsPartial(Type? type) => type is not null && ((type.IsGenericType && type.GetGenericTypeDefinition() == typeof(PartialVisitor<>)) || IsPartial(type.BaseType));
}
