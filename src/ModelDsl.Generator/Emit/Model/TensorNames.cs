using System.Text.RegularExpressions;
using ModelDsl.Generator.Loops;

namespace ModelDsl.Generator.Emit.Model;

/// <summary>The names of a model's tensors in generated members: the names in <c>Forward</c>, changed if they would differ only in case, or if C# has a member with that name.</summary>
internal static class TensorNames
{
    private static readonly string[] OfObjects = ["Equals", "GetHashCode", "GetType", "MemberwiseClone", "ReferenceEquals", "ToString", "Finalize"];
    private static readonly string[] OfRecords = [.. OfObjects, "Clone", "Deconstruct", "EqualityContract", "Example", "Layout", "PrintMembers"];
    private static readonly string[] OfTuples = [.. OfObjects, "CompareTo", "Deconstruct", "Rest"];

    /// <summary>The parameters of a method that receives the inputs and writes the outputs.</summary>
    public static (string[] Inputs, string[] Outputs) Parameters(IEnumerable<string> inputs, IEnumerable<string> outputs)
    {
        var taken = new HashSet<string>();
        string One(string name) => Distinct(Names.Camel(name), taken) is var distinct && Names.Keywords.Contains(distinct) ? "@" + distinct : distinct;
        return ([.. inputs.Select(One)], [.. outputs.Select(One)]);
    }

    /// <summary>The properties of an example.</summary>
    public static string[] Properties(IEnumerable<string> columns) => Members(columns, OfRecords);

    /// <summary>The elements of a tuple of outputs.</summary>
    public static string[] Elements(IEnumerable<string> outputs) => Members(outputs, OfTuples);

    private static string[] Members(IEnumerable<string> names, string[] reserved)
    {
        var taken = new HashSet<string>(reserved);
        return [.. names.Select(name => Names.Pascal(name) is var pascal && Regex.IsMatch(pascal, "^Item[0-9]+$") ? Distinct(pascal + "Value", taken) : Distinct(pascal, taken))];
    }

    private static string Distinct(string name, HashSet<string> taken)
    {
        var distinct = name;
        for (var i = 2; !taken.Add(distinct); i++) distinct = $"{name}{i}";
        return distinct;
    }
}
