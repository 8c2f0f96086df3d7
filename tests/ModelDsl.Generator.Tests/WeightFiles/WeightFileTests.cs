using System.Globalization;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Generator.WeightFiles;

namespace ModelDsl.Generator.Tests.WeightFiles;

/// <summary>A model is compared with the list of its file's tensors when it is built, by the rules of <c>Load</c>.</summary>
public sealed class WeightFileTests
{
    private const string Net = "[Model(PredictionOnly = true), {|#0:Weights(\"net.safetensors\")|}, Input(4), Dense(3, Name = \"hidden\"), BatchNorm, Relu, Dense(2)] partial class Net;";

    private static readonly string[] Fitting =
    [
        "hidden.weight\tF32\t3,4", "hidden.bias\tF16\t3", "batchNorm1.weight\tF64\t3", "batchNorm1.bias\tBF16\t3", "batchNorm1.running_mean\tF32\t3", "batchNorm1.running_var\tF32\t3",
        "batchNorm1.num_batches_tracked\tI64\t", "dense1.weight\tF32\t2,3", "dense1.bias\tF32\t2",
    ];

    [Fact]
    public Task A_file_that_fits_is_no_problem() => Expects(Net, Fitting);

    [Fact]
    public Task Line_ends_of_another_system_and_comments_are_accepted() => Expects(Net, ["# a comment", "", .. Fitting.Select(line => line + "\r"), "\r"]);

    [Fact]
    public Task Each_kind_of_difference_is_one_error_at_the_attribute() => Expects(
        Net,
        ["hidden.weight\tF32\t4,3", "hidden.bias\tI32\t3", "batchNorm1.weight\tF32\t3", "batchNorm1.bias\tF32\t3", "batchNorm1.running_var\tF32\t3", "head.weight\tF32\t7,3", "dense1.bias\tF32\t2"],
        ("MDSL0103", "'net.safetensors' lacks weights of 'Net': 'batchNorm1.running_mean' [3], 'dense1.weight' [2, 3]; set AllowMissing = true to keep initial values there"),
        ("MDSL0104", "'net.safetensors' has tensors that 'Net' does not have: 'head.weight' [7, 3]; set AllowUnexpected = true to ignore them"),
        ("MDSL0105", "'net.safetensors' has weights of 'Net' in other shapes: 'hidden.weight' is [4, 3] in the file, but [3, 4] in the model"),
        ("MDSL0106", "'net.safetensors' has weights of 'Net' that are no floats (F32, F64, F16 or BF16): 'hidden.bias' is I32"));

    [Fact]
    public Task A_message_names_a_few_tensors() => Expects(
        Net, [], ("MDSL0103", "'net.safetensors' lacks weights of 'Net': 'hidden.weight' [3, 4], 'hidden.bias' [3], 'batchNorm1.weight' [3], 'batchNorm1.bias' [3] and 4 more; set AllowMissing = true to keep initial values there"));

    [Fact]
    public Task A_renamed_layer_is_suggested() => Expects(
        Net,
        [.. Fitting.Select(line => line.Replace("hidden.", "fc1.", StringComparison.Ordinal))],
        ("MDSL0103", "'net.safetensors' lacks weights of 'Net': 'hidden.weight' [3, 4], 'hidden.bias' [3]; did you mean [FormerlyKnownAs(\"fc1\", Now = \"hidden\")]?"),
        ("MDSL0104", "'net.safetensors' has tensors that 'Net' does not have: 'fc1.weight' [3, 4], 'fc1.bias' [3]; set AllowUnexpected = true to ignore them"));

    [Fact]
    public Task A_former_name_is_accepted() => Expects(
        Net.Replace("Input(4)", "FormerlyKnownAs(\"fc1\", Now = \"hidden\"), Input(4)", StringComparison.Ordinal), [.. Fitting.Select(line => line.Replace("hidden.", "fc1.", StringComparison.Ordinal))]);

    [Fact]
    public Task Differences_that_are_allowed_are_no_problems() => Expects(
        Net.Replace("\"net.safetensors\"", "\"net.safetensors\", AllowMissing = true, AllowUnexpected = true", StringComparison.Ordinal), ["other.weight\tI32\t1", "dense1.bias\tF32\t2"]);

    [Fact]
    public Task Prefixes_are_those_of_Load() => Expects(
        "[Block, Dense(3)] partial class Trunk; [Model, {|#0:Weights(\"models/net.safetensors\", FilePrefix = \"body.\", Prefix = \"trunk1.\", AllowMissing = true)|}, Input(4), Apply<Trunk>, Dense(2), MeanSquaredError] partial class Net;",
        ["body.dense1.weight\tF32\t3,4", "body.dense1.bias\tF32\t5", "head.weight\tF32\t9"],
        ("MDSL0105", "'net.safetensors' has weights of 'Net' in other shapes: 'trunk1.dense1.bias' is [5] in the file, but [3] in the model"));

    [Fact]
    public Task A_project_without_a_list_is_a_warning() => new ModelTest(Net)
    {
        TestState = { ExpectedDiagnostics = { Diagnostic("MDSL0102", "The tensors of 'net.safetensors' are not checked, because the project has no 'net.safetensors.txt'; add <ModelDslWeights Include=\"net.safetensors\" /> to the project, or the text itself as an item of AdditionalFiles") } },
    }.RunAsync();

    [Theory]
    [InlineData("dense1.weight F32 2,3", "line 1 is not a name")]
    [InlineData("# list\ndense1.weight\tF32\t2,x", "line 2 is not a name")]
    [InlineData("dense1.weight\tF32\t-2", "line 1 is not a name")]
    [InlineData("a\tF32\t2\na\tF32\t2", "line 2 has the name 'a' again")]
    [InlineData("a\tF32\t99999999999999999999", "line 1 is not a name")]
    public void A_text_that_is_no_list_says_where(string text, string mistake) => Assert.StartsWith(mistake, TensorList.Parse(text).Mistake, StringComparison.Ordinal);

    [Fact]
    public Task A_broken_list_is_a_warning() => Expects(
        Net, ["?"], ("MDSL0102", "The tensors of 'net.safetensors' are not checked, because 'net.safetensors.txt' is no list of tensors: line 1 is not a name, a type and sizes such as '512,256', separated by tabs; write it again with SafetensorsFile.WriteTensorList"));

    [Fact]
    public Task Errors_of_the_model_come_first() => Expects(Net.Replace("{|#0:", "", StringComparison.Ordinal).Replace("|}", "", StringComparison.Ordinal).Replace("Relu", "Reshape({|MDSL0012:7|})", StringComparison.Ordinal), []);

    private static Task Expects(string source, string[] list, params (string Id, string Message)[] problems)
    {
        var test = new ModelTest(source);
        test.TestState.AdditionalFiles.Add(("/0/obj/net.safetensors.txt", string.Join('\n', list)));
        test.TestState.ExpectedDiagnostics.AddRange(problems.Select(problem => Diagnostic(problem.Id, problem.Message)));
        return test.RunAsync();
    }

    private static Microsoft.CodeAnalysis.Testing.DiagnosticResult Diagnostic(string id, string message) =>
        new Microsoft.CodeAnalysis.Testing.DiagnosticResult(ModelDsl.Generator.Diagnostics.Descriptors.Find(id)).WithLocation(0).WithMessage(message);
}
