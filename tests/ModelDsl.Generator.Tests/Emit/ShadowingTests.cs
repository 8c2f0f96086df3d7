using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Generator.Tests.Emit;

/// <summary>Whatever the types, namespaces and members of a project are called, generated names mean what they should.</summary>
public partial class ShadowingTests
{
    private const string Layers =
        "[Model, Input(6, 6, 2), Conv2D(3, 3), Sigmoid, Dropout(0.5), LayerNorm, MaxPool2D(2), Flatten, Dense(3), Gelu, Dense(40), Tanh, Dense(2), SoftmaxCrossEntropy]";

    private const string Small = "[Model, Input(4), Dense(3), Dropout(0.5), Dense(2), SoftmaxCrossEntropy]";

    // Every name that generated text writes without global::, and some that it might have.
    private static readonly string[] Names =
    [
        "Worker", "TaskShare", "Step", "Math", "MathF", "Blocks", "CpuProgram", "Vector512", "Vector256", "Vector128", "Lanes512", "Lanes256", "Lanes128", "IVector16", "Vector16In512", "Vector16In256", "Vector16In128", "VectorMath", "TVector", "TSizes", "ITileSizes", "NetSteps", "Unsafe",
        "MethodImpl", "MethodImplOptions", "InferParts", "DropoutRandom", "Device", "Generated", "Compiled", "Checkpoints", "Action",
        "Span", "ReadOnlySpan", "InvalidOperationException", "Grid", "Group", "ArrayView", "Index", "Range", "Exp", "Dropout1", "Net",

        // Words that are keywords of C# only where no type or member has their name.
        "dynamic", "nint", "nuint", "unmanaged", "notnull", "nameof", "managed", "_", "record", "scoped", "file", "required", "field", "value", "partial", "where", "when", "with",
        "and", "or", "not", "async", "await", "yield", "init", "allows", "extension", "global",
    ];

    private static string Types(IEnumerable<string> names) =>
        string.Concat(names.Select(name => $"public class @{name} {{ }} public class @{name}<T> {{ }} "))
        + "[global::System.AttributeUsage(global::System.AttributeTargets.All)] public class MethodImplAttribute : global::System.Attribute { } ";

    public static TheoryData<string, string> Sources
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var (where, format) in TestScale.Some("namespaces and types that have names of generated code", Formats, 3)) data.Add(where, format);
            return data;
        }
    }

    // The types of the user are {0}, the attributes of a model {1}, and the same with qualified names {2}.
    private static readonly (string Where, string Format)[] Formats =
    [
        ("global", "{0} namespace Own {{ {1} partial class Net; }}"),
        ("ModelDsl.Generated", "namespace ModelDsl.Generated {{ {0} }} namespace Own {{ {1} partial class Net; }}"),
        ("ModelDsl.Generated.Own", "namespace ModelDsl.Generated.Own {{ {0} }} namespace Own {{ {1} partial class Net; }}"),
        ("the very namespace", "namespace ModelDsl.Generated.Own_Net {{ {0} }} namespace Own {{ {1} partial class Net; }}"),
        ("a class in its place", "namespace ModelDsl.Generated {{ public class Own_Net {{ {0} }} }} namespace Own {{ {1} partial class Net; }}"),
        ("own namespace", "namespace Own {{ {0} {1} partial class Net; }}"),
        ("namespaces", "namespace Own.System {{ {0} }} namespace Own.ModelDsl.Generated {{ {0} }} namespace Own {{ {2} partial class Net; }}"),
        ("a namespace called System", "namespace Own.System {{ {0} {2} partial class Net; }}"),
        ("a class called ModelDsl", "namespace Own {{ public class ModelDsl {{ {0} }} {2} partial class Net; }}"),
        ("container", "namespace Own {{ public partial class Outer {{ {0} {1} partial class Net; }} }}"),
        ("nested types", "namespace Own {{ {1} public partial class Net {{ {0} }} }}"),
        ("nested models", "namespace Own {{ {1} public partial class Net {{ {1} public partial class Worker; {1} public partial class Avx512; }} }}"),
        ("namespaces called like types", "namespace Own.Worker {{ {2} partial class A; }} namespace Own.Vector512 {{ {2} partial class B; }} namespace Own {{ {2} partial class Net; }}"),
    ];

    [Theory]
    [MemberData(nameof(Sources))]
    public async Task Types_of_the_users(string where, string format)
    {
        var names = Names.Except(["Net"]);
        var source = string.Format(null, format, Types(where == "global" ? names : names.Append("System")), Layers.Replace("[Model", "[global::ModelDsl.Model", StringComparison.Ordinal), Qualified(Layers));
        Assert.Empty(Errors(await Expect.Report([source], widths: Widths.OneOf(where.Length))));
    }

    [Theory]
    [InlineData("class @dynamic;", "")]
    [InlineData("", "public class @dynamic;")]
    [InlineData("namespace Own { internal class @dynamic; }", "")]
    public Task A_type_called_dynamic_beside_a_model_with_a_mistake(string outside, string inside) => Expect.Diagnostics(
        $"{outside} namespace Own {{ [Model, Input(4), Dense({{|MDSL0010:0|}}), MeanSquaredError] public partial class Net {{ {inside} static Example Make() => new([1], 2f); }} }}");

    [Fact]
    public async Task Types_in_ModelDsl()
    {
        var names = Names.Where(name => name is not ("Compiled" or "Checkpoints" or "Device" or "Net"));
        Assert.Empty(Errors(await Expect.Report([$"namespace ModelDsl {{ {Types(names)} }} namespace Own {{ {Layers} partial class Net; }} {Layers} partial class Net2;"], widths: Widths.OneOf(0))));
    }

    [Fact]
    public async Task Members_of_the_users()
    {
        var members = string.Concat(Names.Except(["Net"]).Append("System").Select((name, index) => (index % 4) switch
        {
            0 => $"int @{name};",
            1 => $"int @{name} {{ get; set; }}",
            2 => $"void @{name}() {{ }}",
            _ => $"class @{name} {{ }}",
        }));
        const string Inherited = "int PredictFloats; int PredictTokens() => 1; class BeginPrediction; int PartOf; int Parameters2; void Predict(string text) { } void Predict(Span<float> to) { }";
        Assert.Empty(Errors(await Expect.Report([$"namespace Own {{ {Layers} partial class Net {{ {members} {Inherited} }} }}"], widths: Widths.OneOf(1))));
    }

    [Fact]
    public async Task Layers_called_like_types_and_members_of_programs()
    {
        string[] own = ["vector512", "mathF", "lanes512", "tVector", "tSizes", "iTileSizes", "vectorMath", "netSteps", "tile12x32", "dense1Sizes", "methodImpl", "step", "worker", "blocks", "inferParts", "exp", "sigmoid", "equals", "toString", "getType", "netAvx512", "netPortable",
            "outputs", "train", "forward", "infer", "capacity", "drawn", "n", "row", "from", "seed", "loss", "await", "var", "nameof", "scoped", "field", "dynamic", "value", "record", "file", "yield", "unchecked"];
        var layers = string.Concat(own.Select(name => $", Dense(3, Name = \"{name}\"), Sigmoid, Dropout(0.1)"));
        Assert.Empty(Errors(await Expect.Report([$"[Model, Input(4){layers}, Dense(2), SoftmaxCrossEntropy] partial class Net;"], widths: Widths.OneOf(0))));
    }

    [Fact]
    public async Task Classes_containers_and_namespaces_with_any_name()
    {
        string[] any = ["record", "required", "scoped", "file", "var", "dynamic", "nint", "unmanaged", "notnull", "await", "async", "where", "partial", "yield", "field", "extension", "allows", "global", "nameof", "class", "when", "managed", "with", "init", "_", "变量", "größe", "वज़न"];
        Assert.Empty(Errors(await Expect.Report([.. TestScale.Some("names of classes and namespaces", any, 3).SelectMany(Named)])));

        static IEnumerable<string> Named(string name, int index)
        {
            var other = name == "_" ? "__" : name;
            yield return $"namespace @{name}.Inner {{ {Small} partial class @{other}; {Small} partial class @{other}2 {{ int @{other}; }} }}";
            yield return $"partial class Outer {{ partial class @{other} {{ {Small} internal partial class Net; }} }}";
            if (!name.All(char.IsAsciiLetter)) yield break;
            yield return $"[Model, Input(3), MeanSquaredError] partial class Weighted{index} {{ [Weight(3)] static partial Tensor @{name} {{ get; }} Tensor Forward(Tensor x) => (x * @{name}).Dense(2); }}";
            yield return $"[Model, MeanSquaredError] partial class Named{index} {{ Tensor Forward([Input(3)] Tensor @{name}, [Input(3)] Tensor y) => (@{name} * y).Dense(2); }}";
        }
    }

    /// <summary>Generated text writes no name that is neither global, nor an alias of the file, nor the model's own.</summary>
    [Fact]
    public void Programs_use_one_namespace_and_aliases()
    {
        foreach (var file in Generation.Of($"namespace Own {{ {Layers} partial class Net; }}").Files.Where(file => file.Key != "Own.Net.g.cs"))
        {
            var expected = file.Key == "Own.Net.Steps.g.cs" ? Array.Empty<string>() : ["using global::System.Runtime.Intrinsics;"];
            Assert.Equal(expected, Usings().Matches(file.Value).Select(match => match.Value).Where(line => !line.Contains('=')));
            Assert.All(Usings().Matches(file.Value), match => Assert.Contains("global::", match.Value, StringComparison.Ordinal));
        }
    }

    [GeneratedRegex(@"using [^;(]*;")]
    private static partial Regex Usings();

    private static string Qualified(string layers) =>
        Regex.Replace(layers, @"(?<=[\[ ])(?=[A-Z]\w*[,(\]])", "global::ModelDsl.", RegexOptions.None);

    private static List<Diagnostic> Errors(IEnumerable<Diagnostic> found) =>
        [.. found.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)];
}
