using System.Globalization;
using System.Text.RegularExpressions;
using ModelDsl.Runtime.Tests.Support;

namespace ModelDsl.Runtime.Tests.Checkpoints;

/// <summary>Rules convert the tensors of a file: the values of a tensor are 100·(its index in the file) + 0, 1, 2, …</summary>
public sealed class TensorRuleTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("modeldsl").FullName;

    private string Path => System.IO.Path.Combine(folder, "net.safetensors");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("a:2,3", "a:3,2", "0 3 1 4 2 5")]
    [InlineData("a:2,1,3", "a:2,3,1", "0 1 2 3 4 5")]
    [InlineData("a:2,2,2", "a:2,2,2", "0 2 1 3 4 6 5 7")]
    public void A_matrix_is_transposed(string file, string model, string values) =>
        AssertLoaded(file, model, values, TensorRule.Transpose("a"));

    [Theory]
    [InlineData(0, 1, 2, "a:2,3", "3 4 5 6 7 8")]
    [InlineData(1, 1, 2, "a:3,2", "1 2 4 5 7 8")]
    [InlineData(-1, 0, 1, "a:3,1", "0 3 6")]
    public void A_range_of_an_axis_is_taken(int axis, int start, int length, string model, string values) =>
        AssertLoaded("a:3,3", model, values, TensorRule.Slice("a", axis, start, length));

    [Fact]
    public void A_tensor_is_split_into_equal_parts() =>
        AssertLoaded("h.0.attn.weight:2,6", "h.1.q.weight:2,2 h.1.k.weight:2,2 h.1.v.weight:2,2", "0 1 6 7|2 3 8 9|4 5 10 11", TensorRule.Split("h.#.attn.", ["h.#+1.q.", "h.#+1.k.", "h.#+1.v."], axis: 1));

    [Fact]
    public void A_tensor_is_split_into_parts_of_given_sizes() =>
        AssertLoaded("a:4,2", "b:1,2 c:3,2", "0 1|2 3 4 5 6 7", TensorRule.Split("a", ["b", "c"], sizes: [1, 3]));

    [Fact]
    public void Tensors_are_concatenated_in_the_order_of_the_rule_for_each_name() =>
        AssertLoaded(
            "l.0.k.w:1,2 l.0.q.w:1,2 l.1.k.w:1,2 l.1.q.w:2,2 l.0.q.b:1 l.0.k.b:1",
            "l.0.in_w:2,2 l.1.in_w:3,2 l.0.in_b:2",
            "100 101 0 1|300 301 302 303 200 201|400 500",
            TensorRule.Concatenate(["l.#.q.*", "l.#.k.*"], "l.#.in_*"));

    [Fact]
    public void Tensors_are_concatenated_along_another_axis() =>
        AssertLoaded("a:2,1 b:2,2", "c:2,3", "0 100 101 1 102 103", TensorRule.Concatenate(["a", "b"], "c", axis: -1));

    [Fact]
    public void Two_biases_become_one() =>
        AssertLoaded("r.bias_ih_l0:3 r.bias_hh_l0:3", "r.bias:3", "100 102 104", TensorRule.Sum(["*.bias_ih_l0", "*.bias_hh_l0"], "*.bias"));

    [Fact]
    public void A_regular_expression_renames() =>
        AssertLoaded("block_3.w:1 other.w:1", "layer3.w:1 other.w:1", "0|100", TensorRule.Rename(new Regex("^block_([0-9]+)"), "layer$1"));

    [Theory]
    [InlineData("h.0.w", "h.#.", "layer#+1.", "layer1.w")]
    [InlineData("h.9.w", "h.#.w", "layer#+1.v", "layer10.v")]
    [InlineData("h.10.w", "h.#-1.w", "layer#.v", "layer11.v")]
    [InlineData("h.3.a.4.w", "h.#.*.#.", "x#-1.*#.", "x2.a4.w")]
    [InlineData("h.x.w", "h.#.w", "y", "h.x.w")]
    [InlineData("net.w", "net.", "", "w")]
    [InlineData("network.w", "net", "x", "network.w")]
    [InlineData("h.12345678901234567890.w", "h.#.w", "y", "h.12345678901234567890.w")]
    public void A_pattern_counts(string name, string from, string to, string expected) =>
        AssertLoaded($"{name}:1", $"{expected}:1", "0", TensorRule.Rename(from, to));

    [Fact]
    public void Rules_are_applied_in_order_and_each_sees_what_the_ones_before_it_have_left() =>
        AssertLoaded(
            "a:2,3 b:2,3 mask:7",
            "joined:4,2",
            "0 3 1 4 100 103 101 104",
            TensorRule.Ignore("mask"),
            TensorRule.Rename("a", "x.0"),
            TensorRule.Rename("b", "x.1"),
            TensorRule.Transpose("x.#"),
            TensorRule.Slice("x.#", 0, 0, 2),
            TensorRule.Concatenate(["x.0", "x.1"], "joined"));

    [Fact]
    public void A_copy_gives_one_tensor_to_two_parameters_unless_the_file_has_both()
    {
        AssertLoaded("table:2", "table:2 head:2", "0 1|0 1", TensorRule.Copy("table", "head"));
        AssertLoaded("table:2 head:2", "table:2 head:2", "0 1|100 101", TensorRule.Copy("table", "head"));
    }

    [Fact]
    public void Rules_come_after_the_prefix_of_the_file_and_before_Rename_and_Prefix()
    {
        Save("net.x.w:1 other:1");
        using var model = Of("part.z.w:1");
        var report = model.Load(Path, new LoadOptions { FilePrefix = "net.", Rules = [TensorRule.Rename("x.", "y.")], Rename = [("y.", "z.")], Prefix = "part." });
        Assert.Equal("'other' [1]: does not begin with FilePrefix", report.FileTensors[1].ToString());
        Assert.Equal("'part.z.w' from 'net.x.w' [1] by TensorRule.Rename(\"x.\", \"y.\")", report.Origins.Single().ToString());
    }

    [Fact]
    public void A_report_names_each_tensor_and_each_parameter_that_was_not_used()
    {
        Save("a:1 b:1 c:2 long:3");
        using var model = Of("a:1 c:1 d:1 part:1");
        var report = model.Load(Path, new LoadOptions { AllowMissing = true, AllowUnexpected = true, AllowMismatched = true, Rules = [TensorRule.Split("long", ["part", "rest"], sizes: [1, 2])] });
        Assert.Equal(
            ["'a' [1]: 'a'", "'b' [1]: the model has no 'b'", "'c' [2]: 'c' has another shape", "'long' [3]: 'part'"],
            report.FileTensors.Select(static use => use.ToString()));
        Assert.Equal(["'a' from 'a' [1]", "'c' is not loaded", "'d' is not loaded", "'part' from 'long' [3] by TensorRule.Split(\"long\", [\"part\", \"rest\"], 0, [1, 2])"], report.Origins.Select(static origin => origin.ToString()));
    }

    [Fact]
    public void A_rule_that_cannot_be_applied_names_itself_and_the_tensor()
    {
        AssertRefused("a:3", "TensorRule.Transpose(\"a\") needs two axes, but 'a' [3] does not have them", TensorRule.Transpose("a"));
        AssertRefused("a:3", "TensorRule.Slice(\"a\", 0, 2, 2) needs 4 values along axis 0, but 'a' [3] has 3", TensorRule.Slice("a", 0, 2, 2));
        AssertRefused("a:3", "needs axis 1, but 'a' [3] does not have it", TensorRule.Slice("a", 1, 0, 1));
        AssertRefused("a:3", "TensorRule.Split(\"a\", [\"b\", \"c\"], 0) needs a multiple of 2 along axis 0, but 'a' [3] has 3", TensorRule.Split("a", ["b", "c"]));
        AssertRefused("a:3", "needs 4 values along axis 0, but 'a' [3] has 3", TensorRule.Split("a", ["b", "c"], sizes: [2, 2]));
        AssertRefused("a:3 b:2,2", "needs tensors with the same sizes except along axis 0, but 'b' [2, 2] does not match 'a' [3]", TensorRule.Concatenate(["a", "b"], "c"));
        AssertRefused("a.w:3", "needs one tensor \"b.\" for 'c.w', but there is none; of the others it has 'a.w' [3]", TensorRule.Concatenate(["a.", "b."], "c."));
        AssertRefused("a:3 b:2", "TensorRule.Sum([\"a\", \"b\"], \"c\") needs tensors of the same shape, but 'b' [2] does not match 'a' [3]", TensorRule.Sum(["a", "b"], "c"));
        AssertRefused("a:3 b:2", "needs equal tensors, but 'b' [2] has another shape than 'a' [3]", TensorRule.IgnoreCopy("b", "a"));
        AssertRefused("a:3 b:3", "have different values in the file", TensorRule.Rename("a", "c"), TensorRule.IgnoreCopy("b", "c"));
        AssertRefused("a:3 b:3", "'a' and 'b' of the file would both become 'c'", TensorRule.Rename("a", "c"), TensorRule.Rename("b", "c"));
        AssertRefused("a:3", "no tensor matches TensorRule.Rename(\"aa\", \"c\"): change the names", TensorRule.Rename("aa", "c"), TensorRule.Ignore("b"));
        AssertRefused("a:3 b:2", "needs 2 values along axis 0, but 'a' [3] has 3", TensorRule.Concatenate(["a", "b"], "c", sizes: [2, 3]));
    }

    [Fact]
    public void A_transposed_weight_gets_the_rule_that_loads_it_as_advice()
    {
        Save("net.old:2,3");
        using var model = Of("part.new:3,2");
        var options = new LoadOptions { FilePrefix = "net.", Rules = [TensorRule.Rename("old", "middle")], Rename = [("middle", "new")], Prefix = "part." };
        Assert.Contains("[in, out] with TensorRule.Transpose(\"middle\") in Rules", Assert.Throws<CheckpointMismatchException>(() => model.Load(Path, options)).Message, StringComparison.Ordinal);
        model.Load(Path, options with { Rules = [.. options.Rules, TensorRule.Transpose("middle")] });
        Assert.Equal([0f, 3, 1, 4, 2, 5], model.Parameters[0].ToArray());
    }

    [Fact]
    public void A_missing_parameter_is_shown_with_the_most_similar_name_of_the_file()
    {
        Save("encoder.layer_norm.weight:3 encoder.layer_norm.bias:3");
        using var model = Of("encoder.layernorm.weight:3 encoder.layernorm.bias:3 elsewhere:4");
        var refused = Assert.Throws<CheckpointMismatchException>(() => model.Load(Path)).Differences;
        Assert.Contains("'encoder.layernorm.bias' is missing in the file; it is [3], and the most similar name there is 'encoder.layer_norm.bias' [3]", refused);
        Assert.Contains("'elsewhere' is missing in the file", refused);
    }

    [Fact]
    public void A_most_similar_name_of_another_shape_has_to_be_nearer()
    {
        Save("encoder.weight:3 h.0.norm.weight:8");
        using var model = Of("encodes.weight:4 embedding1.weight:11,8");
        var refused = Assert.Throws<CheckpointMismatchException>(() => model.Load(Path)).Differences;
        Assert.Contains("'encodes.weight' is missing in the file; it is [4], and the most similar name there is 'encoder.weight' [3]", refused);
        Assert.Contains("'embedding1.weight' is missing in the file", refused);
    }

    [Fact]
    public void A_refusal_lists_twenty_differences_and_keeps_all()
    {
        Save(string.Join(' ', Enumerable.Range(0, 30).Select(static i => $"x{i}:1")));
        using var model = Of("y:1");
        var refused = Assert.Throws<CheckpointMismatchException>(() => model.Load(Path));
        Assert.Equal(31, refused.Differences.Count);
        Assert.Contains("and 11 more", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Inverse_rules_save_what_the_rules_load()
    {
        IReadOnlyList<TensorRule> rules =
        [
            TensorRule.Alias("net.", ""),
            TensorRule.Ignore("mask"),
            TensorRule.Transpose("h.#.w"),
            TensorRule.Concatenate(["h.#.q", "h.#.k"], "h.#.qk", sizes: [3, 1]),
            TensorRule.Split("both", ["first", "second"]),
            TensorRule.Rename("h.#.", "layer#+1."),
        ];
        const string Parameters = "layer1.w:2,3 layer1.qk:4 layer2.w:2,3 layer2.qk:4 first:1 second:1";
        using var model = Of(Parameters);
        model.Save(Path, TensorRule.Inverse(rules));
        using (var file = ModelDsl.Checkpoints.SafetensorsFile.Open(Path))
            Assert.Equal(["both", "h.0.k", "h.0.q", "h.0.w", "h.1.k", "h.1.q", "h.1.w"], file.Entries.Select(static entry => entry.Name).Order(StringComparer.Ordinal));

        using var again = Of(Parameters);
        foreach (var parameter in again.Parameters)
            parameter.CopyFrom(new float[parameter.Count]);
        again.Load(Path, new LoadOptions { Rules = rules });
        foreach (var parameter in model.Parameters)
            Assert.Equal(parameter.ToArray(), again.Parameters[parameter.Name].ToArray());
    }

    [Fact]
    public void A_rule_that_loses_something_has_no_inverse()
    {
        TensorRule[] rules = [TensorRule.Slice("a", 0, 0, 1), TensorRule.Sum(["a", "b"], "c"), TensorRule.Rename(new Regex("a"), "b"), TensorRule.Rename("*.a", "a"), TensorRule.Rename("net.", "")];
        foreach (var rule in rules)
            Assert.Contains($"{rule} cannot be reversed", Assert.Throws<ArgumentException>(() => TensorRule.Inverse([rule])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_is_not_saved_with_rules_that_do_not_fit()
    {
        using var model = Of("a:3 b:2");
        Assert.Contains("needs two axes", Assert.Throws<ArgumentException>(() => model.Save(Path, [TensorRule.Transpose("a")])).Message, StringComparison.Ordinal);
        Assert.Contains("2 tensors would have the name 'b'", Assert.Throws<ArgumentException>(() => model.Save(Path, [TensorRule.Rename("a", "b")])).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path));
    }

    [Fact]
    public void A_rule_without_sense_cannot_be_written()
    {
        Assert.Throws<ArgumentException>(() => TensorRule.Rename("", "a"));
        Assert.Throws<ArgumentException>(() => TensorRule.Rename("a", "*"));
        Assert.Throws<ArgumentException>(() => TensorRule.Rename("a.*", "a.#"));
        Assert.Throws<ArgumentException>(() => TensorRule.Ignore(""));
        Assert.Throws<ArgumentException>(() => TensorRule.Copy("a", ""));
        Assert.Throws<ArgumentException>(() => TensorRule.Concatenate([], "a"));
        Assert.Throws<ArgumentException>(() => TensorRule.Concatenate(["a.*", "b"], "c.*"));
        Assert.Throws<ArgumentException>(() => TensorRule.Split("a", ["b", "c"], sizes: [1]));
        Assert.Throws<ArgumentException>(() => TensorRule.Split("a", ["b", "c"], sizes: [1, 0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => TensorRule.Slice("a", 0, -1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => TensorRule.Slice("a", 0, 0, 0));
        Assert.Throws<ArgumentException>(() => TensorRule.Concatenate(["a", "b"], "c", sizes: [1]));
        Assert.Throws<ArgumentException>(() => AssertLoaded("a:1", "a:1", "0", null!, TensorRule.Ignore("b")));
        Assert.Throws<ArgumentException>(() => HuggingFaceRules.Gpt2(tokens: "#"));
    }

    private void AssertLoaded(string file, string model, string values, params TensorRule[] rules)
    {
        Save(file);
        using var net = Of(model);
        net.Load(Path, new LoadOptions { Rules = rules });
        Assert.Equal(values, string.Join('|', net.Parameters.Select(static parameter => string.Join(' ', parameter.ToArray()))));
    }

    private void AssertRefused(string file, string message, params TensorRule[] rules)
    {
        Save(file);
        using var net = Of("c:3");
        var before = net.Parameters[0].ToArray();
        Assert.Contains(message, Assert.Throws<CheckpointMismatchException>(() => net.Load(Path, new LoadOptions { Rules = rules })).Message, StringComparison.Ordinal);
        Assert.Equal(before, net.Parameters[0].ToArray());
    }

    private void Save(string tensors)
    {
        using var model = Of(tensors);
        foreach (var (index, parameter) in model.Parameters.Index())
            parameter.CopyFrom([.. Enumerable.Range(0, parameter.Count).Select(value => (100f * index) + value)]);
        model.Save(Path);
    }

    private static FlatModel Of(string tensors) => new(Device.Cpu, [.. tensors.Split(' ').Select(static tensor =>
    {
        var at = tensor.IndexOf(':', StringComparison.Ordinal);
        return (tensor[..at], tensor[(at + 1)..].Split(',').Select(static size => int.Parse(size, CultureInfo.InvariantCulture)).ToArray(), double.NaN);
    })]);
}
