using ModelDsl;

namespace QuickStart;

/// <summary>Text to learn from, and text the model never sees while it learns.</summary>
internal sealed record Corpus(string Name, string Train, string Validation)
{
    /// <summary>So many characters that a tenth of them hold a few windows.</summary>
    private const int Least = 20 * CharModel.Context;

    /// <summary>The C# files of the repository this program was built in: every tenth one is kept for validation.</summary>
    public static Corpus OfRepository()
    {
        var root = Folders.Above(AppContext.BaseDirectory, "ModelDsl.sln")
            ?? throw new FileNotFoundException("The repository's own source files were not found: say --text FILE.");
        var files = TextCorpus.FromFolder(root, "*.cs", IsSource).Files;
        return new Corpus(
            $"{files.Count} source files of {root}",
            TextCorpus.FromFiles(files.Where((_, i) => i % 10 != 9)).Text,
            TextCorpus.FromFiles(files.Where((_, i) => i % 10 == 9)).Text);
    }

    /// <summary>Any text file: its last tenth is kept for validation.</summary>
    public static Corpus OfFile(string path)
    {
        var text = TextCorpus.FromFiles(path).Text;
        if (text.Length < Least)
            throw new InvalidDataException($"{path} has {text.Length} characters; {Least} are the least to learn anything from.");
        var end = text.Length - (text.Length / 10);
        return new Corpus(Path.GetFullPath(path), text[..end], text[end..]);
    }

    /// <summary>The beginning of it, for a short run.</summary>
    public Corpus Take(int characters) => this with
    {
        Train = Train[..Math.Min(characters, Train.Length)],
        Validation = Validation[..Math.Min(characters / 10, Validation.Length)],
    };

    private static bool IsSource(string path)
    {
        var folders = path.Split('/');
        return !folders.Contains("bin") && !folders.Contains("obj");
    }
}
