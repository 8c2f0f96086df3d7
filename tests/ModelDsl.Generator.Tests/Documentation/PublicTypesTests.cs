using System.Text.RegularExpressions;

namespace ModelDsl.Generator.Tests.Documentation;

/// <summary>What users can call is mentioned in the documentation.</summary>
public partial class PublicTypesTests
{
    private const string Attribute = nameof(Attribute);

    /// <summary>Types that programs do not name, and the reasons.</summary>
    private static readonly Dictionary<string, string> Exceptions = new()
    {
        ["AttentionLayerAttribute"] = "The base of attention layers; nothing can derive from it.",
        ["BatchEnumerator"] = "foreach over a BatchSequence uses it.",
        ["ClassMetric"] = "The base of Precision, Recall and F1Score.",
        ["BlockLayerAttribute"] = "The base of attributes that apply blocks; nothing can derive from it.",
        ["LayerAttribute"] = "The base of all layers; nothing can derive from it.",
        ["MonitoringCallback"] = "The base of EarlyStopping, ReduceOnPlateau and SaveBest; nothing can derive from it.",
        ["ParallelAttribute"] = "The base of the generic attributes of that name.",
        ["Prediction"] = "Generated members use it.",
        ["RecurrentLayerAttribute"] = "The base of layers; nothing can derive from it.",
        ["TargetLossAttribute"] = "The base of losses; nothing can derive from it.",
        ["WeightedLayerAttribute"] = "The base of layers; nothing can derive from it.",
    };

    /// <summary>Inline code and code blocks of all pages: there a name is a name and not a word.</summary>
    private static readonly Lazy<HashSet<string>> Mentioned = new(() =>
        [.. Page.Names.SelectMany(name => Code().Matches(Page.Of(name).Text)).SelectMany(code => Identifier().Matches(code.Value)).Select(name => name.Value)]);

    public static TheoryData<string> Types => [.. All().Select(type => type.FullName!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Types))]
    public void A_public_type_is_mentioned(string name)
    {
        var type = name.Split('.')[^1].Split('`')[0];
        if (!Exceptions.ContainsKey(type))
            Assert.Contains(type.EndsWith(Attribute, StringComparison.Ordinal) ? type[..^Attribute.Length] : type, Mentioned.Value);
    }

    [Fact]
    public void An_exception_is_a_public_type() =>
        Assert.All(Exceptions.Keys, name => Assert.Contains(All(), type => type.Name.Split('`')[0] == name));

    /// <summary>
    /// All but what generated code alone uses (<c>ModelDsl.Compiled</c>), what devices in other packages implement (<c>ModelDsl.Devices</c>), and the reader
    /// of files behind <c>FromFile</c> and <c>Load</c> (<c>ModelDsl.Checkpoints</c>).
    /// </summary>
    private static IEnumerable<Type> All() => new[] { typeof(Model), typeof(ModelAttribute), typeof(BpeTokenizer), typeof(OnnxExtensions), typeof(CollectiveEnvironment) }.SelectMany(type => type.Assembly.GetExportedTypes())
        .Where(type => !type.IsNested && type.Namespace is not ("ModelDsl.Compiled" or "ModelDsl.Devices" or "ModelDsl.Checkpoints"));

    [GeneratedRegex(@"^( *)```.*?^\1```$|`[^`\n]+`", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(@"[A-Za-z_][A-Za-z0-9_]*")]
    private static partial Regex Identifier();
}
