using ModelDsl.Generator.Tests.Corpus;

namespace ModelDsl.Generator.Tests.Mutations;

/// <summary>Valid programs to be changed: those that tests declare, and those of the corpus.</summary>
internal static class ValidPrograms
{
    // Larger ones take longer to compile, and change at the same positions.
    private const int LongestProgram = 900;

    private static readonly string[] Declared = [.. DeclaredModels.Programs.Select(program => program.Source).Where(program => program.Length <= LongestProgram)];

    private static readonly string[] Random = [.. ModelCorpus.All.Where(model => model.Form != ModelForm.Declared).Select(model => model.Source).Where(program => program.Length <= LongestProgram)];

    /// <summary>A valid program.</summary>
    public static string Next(Random random) => Pick(random, random.Next(6) < 4 ? Random : Declared);

    private static string Pick(Random random, string[] programs) => programs[random.Next(programs.Length)];
}
