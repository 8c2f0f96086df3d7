using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Loops.Cpu;
using ModelDsl.Generator.Tests.Corpus;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Generator.Tests.Oracles;
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
            new SumCheck(function.Name).Walk(function.Body);
        }
    }

    private static int Count(IReadOnlyList<Statement> body)
    {
        var counter = new Counter();
        counter.Walk(body);
        return counter.Vectors;
    }

    private sealed class Counter : LoopWalker
    {
        public int Vectors { get; private set; }

        public override void Walk(Statement statement)
        {
            Vectors += statement switch
            {
                Declare or Assign or StoreLanes or StoreScalar => 1,
                DeclareTile tile => tile.Tile.Rows * tile.Tile.Columns,
                _ => 0,
            };
            base.Walk(statement);
        }
    }

    /// <summary>A loop that accumulates and holds no other loop has no choice and no division of integers.</summary>
    private sealed class SumCheck(string function) : LoopWalker
    {
        private bool accumulates;

        public override Nothing Visit(Loop statement)
        {
            var outside = accumulates;
            Walk(statement.From);
            Walk(statement.To);
            accumulates = statement.Body.Any(inner => inner is Assign assign && Reads.In(assign.Value, assign.Target));
            Walk(statement.Body);
            accumulates = outside;
            return default;
        }

        public override Nothing Visit(If statement)
        {
            Require.That(!accumulates, $"{function} decides something inside a sum: {statement}");
            return base.Visit(statement);
        }

        public override Nothing Visit(IndexBinary index)
        {
            Require.That(!accumulates || index.Operator is not (IndexOperator.Divide or IndexOperator.Remainder), $"{function} divides inside a sum: {index}");
            return base.Visit(index);
        }
    }

    private sealed class Reads(Local local) : LoopWalker
    {
        private bool isFound;

        public static bool In(Value value, Local local)
        {
            var reads = new Reads(local);
            reads.Walk(value);
            return reads.isFound;
        }

        public override void Walk(Value value)
        {
            isFound |= value.Equals(local);
            base.Walk(value);
        }
    }
}
