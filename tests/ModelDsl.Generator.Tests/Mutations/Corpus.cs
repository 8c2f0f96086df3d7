using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ModelDsl.Generator.Tests.Generated;
using ModelDsl.Generator.Tests.Oracles;

namespace ModelDsl.Generator.Tests.Mutations;

/// <summary>Valid programs to be changed: those that tests declare, and random ones of every kind.</summary>
internal static class Corpus
{
    // Larger ones take longer to compile, and change at the same places.
    private const int LongestProgram = 900;

    /// <summary>The declared models, each with the blocks beside it.</summary>
    private static readonly string[] Declared = [.. DeclaredModels.Groups.Values.SelectMany(Split).Where(program => program.Length <= LongestProgram)];

    /// <summary>A valid program.</summary>
    public static string Next(Random random)
    {
        while (true)
        {
            var seed = random.Next(1_000_000);
            var program = random.Next(6) switch
            {
                0 => RandomModels.Valid(seed).Source,
                1 or 2 => RandomForwards.Valid(seed).Source,
                3 => RandomImages.Valid(seed).Source,
                _ => Declared[random.Next(Declared.Length)],
            };
            if (program.Length <= LongestProgram) return program;
        }
    }

    private static IEnumerable<string> Split(string group)
    {
        var types = CSharpSyntaxTree.ParseText(group).GetCompilationUnitRoot().Members.OfType<TypeDeclarationSyntax>().ToList();
        var names = types.ToDictionary(type => type, type => type.Identifier.Text);
        foreach (var model in types.Where(IsModel))
        {
            var used = new List<TypeDeclarationSyntax> { model };
            for (var i = 0; i < used.Count; i++)
            {
                var words = used[i].DescendantTokens().Select(token => token.Text).ToHashSet();
                used.AddRange(types.Where(type => !IsModel(type) && !used.Contains(type) && words.Contains(names[type])));
            }

            yield return string.Join("\n", used.Select(type => type.ToString()));
        }
    }

    private static bool IsModel(TypeDeclarationSyntax type) =>
        type.AttributeLists.SelectMany(list => list.Attributes).Any(attribute => attribute.Name.ToString() == "Model");
}
