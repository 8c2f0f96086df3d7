using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ModelDsl.Generator.Emit;
using ModelDsl.Generator.Loops.Cpu;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Tests.Generated;

/// <summary>
/// Takes the programs of some targets out of a compilation, for tests that run others: the C# compiler spends nearly all of its time on programs. Classes
/// whose members throw replace them.
/// </summary>
internal static class LeftOutPrograms
{
    public static Compilation Apply(Compilation compilation, IEnumerable<ModelSpec> models, IReadOnlyCollection<CpuTarget> targets, CSharpParseOptions options)
    {
        if (targets.Count == 0) return compilation;
        string[] files = [.. targets.Select(target => $".{target.Name}.g.cs")];
        var stubs = models.Select(model => new ProgramNames(model.Type)).SelectMany(names => targets.Select(target => Stub(names.Namespace, names.Program(target))));
        return compilation
            .RemoveSyntaxTrees(compilation.SyntaxTrees.Where(tree => files.Any(file => tree.FilePath.EndsWith(file, StringComparison.Ordinal))))
            .AddSyntaxTrees(CSharpSyntaxTree.ParseText($"using ModelDsl.Compiled;\n{string.Concat(stubs)}", options, "LeftOut.cs"));
    }

    private static string Stub(string nameSpace, string type) =>
        $$"""
        namespace {{nameSpace}}
        {
            internal sealed class {{type}} : CpuProgram
            {
                private static NotSupportedException Missing => new("This program was left out of the compilation.");
                public override PlanDescription Train => throw Missing;
                public override PlanDescription Inference => throw Missing;
                public override OutputOffsets[] Outputs => throw Missing;
                public override void Forward(in Step step, Worker worker) => throw Missing;
                public override void Backward(in Step step, Worker worker) => throw Missing;
                public override void Infer(in Step step, Worker worker, InferParts parts) => throw Missing;
            }
        }

        """;
}
