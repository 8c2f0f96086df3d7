using System.Text;
using ModelDsl.Generator.Common;

namespace ModelDsl.Generator.Emit;

/// <summary>
/// Names of generated files: after the class, with its namespace and containing classes. The compiler takes each name once, whatever the letter case, and
/// no characters but those of identifiers; a file system takes some 250 bytes.
/// </summary>
internal static class HintNames
{
    private const int MostBytes = 160;
    private const string Extension = ".g.cs";

    /// <summary>The stem of each class's and each weight's files, no two of which give a file the same name.</summary>
    /// <param name="models">The keys of models, each with a file for each of <see cref="ProgramNames.Suffixes"/>.</param>
    /// <param name="weights">The keys of weights, each with one file.</param>
    public static EquatableArray<FileStem> Assign(IEnumerable<string> models, IEnumerable<string> weights)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var stems = new List<FileStem>();
        Add(models, ProgramNames.Suffixes);
        Add(weights, [WeightSuffix]);
        return stems.ToEquatableArray();

        void Add(IEnumerable<string> keys, IReadOnlyList<string> suffixes)
        {
            foreach (var key in keys.Distinct(StringComparer.Ordinal).OrderBy(key => key, StringComparer.Ordinal))
            {
                var wanted = Stem(key);
                var stem = wanted;
                for (var i = 2; suffixes.Any(suffix => taken.Contains(File(stem, suffix))); i++) stem = $"{wanted}-{i}";
                foreach (var suffix in suffixes) taken.Add(File(stem, suffix));
                stems.Add(new(key, stem));
            }
        }
    }

    /// <summary>What follows the stem in the name of a weight's file.</summary>
    public const string WeightSuffix = "Weight";

    /// <summary>The key of a weight.</summary>
    public static string KeyOf(string type, string property) => $"{type}.{property}";

    /// <summary>A file's name.</summary>
    public static string File(string stem, string suffix) => suffix.Length == 0 ? stem + Extension : $"{stem}.{suffix}{Extension}";

    /// <summary>The stem of a class alone in its project.</summary>
    public static string Stem(string key)
    {
        var builder = new StringBuilder(key);
        for (var i = 0; i < builder.Length; i++)
        {
            if (builder[i] == '+') builder[i] = '.';
            else if (!char.IsLetterOrDigit(builder[i]) && builder[i] is not ('.' or '_')) builder[i] = '_';
        }

        return Shortened.To(MostBytes, builder.ToString());
    }
}

/// <summary>What the names of a class's files begin with.</summary>
/// <param name="Key">The class, or the weight.</param>
/// <param name="Stem">The beginning.</param>
internal sealed record FileStem(string Key, string Stem);
