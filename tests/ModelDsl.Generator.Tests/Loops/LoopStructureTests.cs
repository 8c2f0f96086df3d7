using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Loops.Cpu;
using ModelDsl.Generator.Tests.Corpus;
using ModelDsl.Generator.Tests.Harness;
using Index = ModelDsl.Generator.Loops.Index;

namespace ModelDsl.Generator.Tests.Loops;

/// <summary>What makes a kernel fast is a property of its loop program: small bodies, and sums in whose innermost loop nothing is decided or divided.</summary>
public class LoopStructureTests
{
    /// <summary>Past about 300 vector statements the JIT runs out of tracked locals.</summary>
    private const int MostStatements = 250;

    [Fact]
    public void Functions_are_small_and_sums_are_plain()
    {
        ModelCorpus.Check(ModelCorpus.Tried, model =>
        {
            foreach (var target in CpuTarget.All)
            {
                var (training, infer) = model.Schedule(target);
                foreach (var plan in training.Append(infer))
                {
                    foreach (var launch in plan.Parts.SelectMany(part => part.Phases).SelectMany(phase => phase.Launches)) Check(launch.Kernel, target);
                }
            }
        });
    }

    private static void Check(Kernel kernel, CpuTarget target)
    {
        foreach (var function in kernel.Tiles.Append(kernel.Main))
        {
            var statements = Count(function.Body);
            Require.That(statements <= MostStatements, $"{function.Name} has {statements} vector statements at {target.Bits} bits");
            CheckSums(function.Name, function.Body, isInLoop: false);
        }
    }

    private static int Count(IReadOnlyList<Statement> body) => body.Sum(statement => statement switch
    {
        Loop loop => Count(loop.Body),
        If choice => Count(choice.Then) + Count(choice.Else),
        Declare or Assign or StoreLanes or StoreScalar => 1,
        _ => 0,
    });

    /// <summary>A loop that accumulates and holds no other loop has no choice and no division of integers.</summary>
    private static void CheckSums(string name, IReadOnlyList<Statement> body, bool isInLoop)
    {
        var accumulates = isInLoop && body.Any(statement => statement is Assign { Value: var value } assign && Reads(value, assign.Name));
        foreach (var statement in body)
        {
            if (statement is Loop loop) CheckSums(name, loop.Body, isInLoop: true);
            if (statement is If choice)
            {
                Assert.False(accumulates, $"{name} decides something inside a sum");
                CheckSums(name, choice.Then, isInLoop: false);
                CheckSums(name, choice.Else, isInLoop: false);
            }

            if (accumulates && statement is not Loop) Require.That(!Indices(statement).Any(Divides), $"{name} divides inside a sum: {statement}");
        }
    }

    private static bool Reads(Value value, string name) => value switch
    {
        Variable variable => variable.Name == name,
        Operation operation => operation.Args.Any(arg => Reads(arg, name)),
        MultiplyAdd add => Reads(add.A, name) || Reads(add.B, name) || Reads(add.C, name),
        _ => false,
    };

    private static IEnumerable<Index> Indices(Statement statement) => statement switch
    {
        Declare declare => Indices(declare.Value),
        Assign assign => Indices(assign.Value),
        StoreLanes store => [store.Offset, store.Count, .. Indices(store.Value)],
        StoreScalar store => [store.Offset, .. Indices(store.Value)],
        DeclareIndex index => [index.Value],
        LoadIndex load => [load.Offset],
        Advance advance => [advance.By],
        _ => [],
    };

    private static IEnumerable<Index> Indices(Value value) => value switch
    {
        LoadLanes load => [load.Offset, load.Count],
        LoadScalar load => [load.Offset],
        KeepLanes keep => [keep.Count, .. Indices(keep.Kept)],
        Spread spread => Indices(spread.Scalar),
        Operation operation => operation.Args.SelectMany(Indices),
        MultiplyAdd add => [.. Indices(add.A), .. Indices(add.B), .. Indices(add.C)],
        _ => [],
    };

    private static bool Divides(Index index) =>
        index is IndexBinary binary && (binary.Operator is '/' or '%' || Divides(binary.Left) || Divides(binary.Right));
}
