using System.Text;
using ModelDsl.Generator.Common;

namespace ModelDsl.Generator.Emit;

/// <summary>
/// Names of generated files: the class with its namespace and containing classes. The compiler compares the names without regard to case and accepts characters of identifiers
/// only; file systems accept about 250 bytes.
/// </summary>
internal static class HintNames
{
    private const int MostBytes = 160;
    private const string Extension = ".g.cs";

    /// <summary>Assigns a stem to each class and each weight, so that no two files have the same name.</summary>
    /// <param name="models">The keys of models. Each has a file for each of <see cref="ProgramNames.Suffixes"/>.</param>
    /// <param name="weights">The keys of weights. Each has one file.</param>
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

    /// <summary>The suffix of the file of a weight.</summary>
    public const string WeightSuffix = "Weight";

    /// <summary>The key of a weight.</summary>
    public static string KeyOf(string type, string property) => $"{type}.{property}";

    /// <summary>A file's name.</summary>
    public static string File(string stem, string suffix) => suffix.Length == 0 ? stem + Extension : $"{stem}.{suffix}{Extension}";

    /// <summary>The stem of a class without regard to others in the project.</summary>
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

/// <summary>The beginning of the names of a class's files.</summary>
/// <param name="Key">The key of the class or of the weight.</param>
/// <param name="Stem">The beginning.</param>
internal sealed record FileStem(string Key, string Stem);
