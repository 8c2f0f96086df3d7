using ModelDsl.Generator.Common;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.WeightFiles;

/// <summary>Finds former names that nothing has any more, or that something still has.</summary>
internal static class FormerNameRules
{
    /// <summary>Returns the problems of the former names of a model and of its blocks.</summary>
    /// <param name="lowered">The model.</param>
    public static IEnumerable<Problem> Check(LoweredModel lowered)
    {
        bool IsUsed(string name) => name.Length > 0 && lowered.Parameters.Any(parameter => FormerName.Begins(parameter.Name, name));
        foreach (var name in lowered.FormerNames)
        {
            // A layer may have been renamed more than once.
            var isNow = IsUsed(name.Now) || lowered.FormerNames.Any(other => other != name && other.Former == name.Now);
            if (!isNow) yield return At(name, name.Now.Length == 0 ? "the name that it has now is not given; write Now = \"…\"" : $"no weight has a name that begins with '{name.Now}'{Nearest(name.Now, lowered)}");
            else if (IsUsed(name.Former)) yield return At(name, $"a layer is still called '{name.Former}', so a file with this name would be ambiguous; give that layer another Name");
        }
    }

    private static Problem At(FormerName name, string why) => Problem.At(Descriptors.FormerName.Id, name.Site, name.Former, why);

    private static string Nearest(string name, LoweredModel lowered)
    {
        var layers = lowered.Parameters.Select(parameter => parameter.Name).Where(parameter => parameter.IndexOf('.') >= 0)
            .Select(parameter => parameter.Substring(0, parameter.LastIndexOf('.'))).Distinct();
        return layers.OrderBy(layer => Spelling.Distance(layer, name)).FirstOrDefault() is { } nearest ? $"; did you mean '{nearest}'?" : "";
    }
}
