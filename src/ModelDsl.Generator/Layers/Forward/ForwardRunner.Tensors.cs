using ModelDsl.Generator.Common;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Parsing.Bodies;

namespace ModelDsl.Generator.Layers;

/// <content>Members of Tensor: layers, functions, sizes.</content>
internal sealed partial class ForwardRunner
{
    private object Member(TensorCode code, Frame frame)
    {
        var result = Evaluated(code, frame);
        if (result is LayerValue value) state.Made(value.Node, block.PathOf(LayerNames.Camel(code.Member)), code.Member, frame.Method.SiteOf(code.Node));
        return result;
    }

    private object Evaluated(TensorCode code, Frame frame)
    {
        if (LayerTable.TryFind(code.Member) is { } layer && layer is not Composite) return Layer(layer, code, frame);
        object[] operands = [.. code.Operands.Select(operand => TensorOf(operand, frame))];
        state.Steps += StepsOfTensor;
        return code.Member switch
        {
            "Channels" => ((LayerValue)operands[0]).Width,
            "Rank" => TensorFunctions.Sizes((LayerValue)operands[0]).Count,
            "Size" => SizeOf((LayerValue)operands[0], code, frame),
            "SameShape" => ((LayerValue)operands[0]).Shape == TensorOf(code.Arguments[0].Value, frame).Shape,
            "Apply" => Apply((LayerValue)operands[0], code, frame),
            "Concat" => Concat(code, frame),
            "Item" => Item((LayerValue)operands[0], code, frame),
            "Slice" => Slice((LayerValue)operands[0], code, frame),
            "Range" => Range((LayerValue)operands[0], code, frame),
            "Length" => TensorFunctions.Sizes((LayerValue)operands[0])[0],
            "Transpose" => Transpose((LayerValue)operands[0], code, frame),
            "MatMul" => MatrixFunctions.MatMul(Scope(code, frame, "MatMul", "matMul", (LayerValue)operands[0]), (LayerValue)operands[0], Given(code, "other", frame)) ?? throw new Stop(),
            "Gather" => MatrixFunctions.Gather(Scope(code, frame, "Gather", "gather", (LayerValue)operands[0]), (LayerValue)operands[0], Given(code, "ids", frame)) ?? throw new Stop(),
            "Attention" => Attention(code, frame),
            "Gradient" => Gradient(code, frame),
            "Scan" => Scan((LayerValue)operands[0], code, frame),
            "Zeros" => Zeros(code, frame),
            "Constant" => Constant(code, frame),
            "CausalMask" => CausalMask(code, frame),
            "Normal" => Normal(Given(code, "like", frame), code, frame),
            _ => Function((LayerValue)operands[0], code, frame),
        };
    }

    private object Layer(Layer layer, TensorCode code, Frame frame)
    {
        var input = TensorOf(code.Operands[0], frame);
        state.Steps += StepsOfTensor;
        if (layer is LossLayer loss) return Loss(loss, input, code, frame);
        var given = OfTensors(layer, code, frame);
        var value = LayerLists.LowerOne(given, CallOf(code, frame), block, state, input) ?? throw new Stop();
        if (ReferenceEquals(given, layer) || given is not RecurrentLayer recurrent) return value;
        return new object[] { value, recurrent.States == 1 ? recurrent.Final[0] : recurrent.Final.ToArray<object>() };
    }

    private LayerValue Attention(TensorCode code, Frame frame)
    {
        var (queries, keys, values) = (Given(code, "queries", frame), Given(code, "keys", frame), Given(code, "values", frame));
        var bias = code.Arguments.Any(argument => argument.Name == "bias") ? Given(code, "bias", frame) : null;
        return AttentionFunction.Lower(ScopeOfCall(code, "attention", queries, frame), queries, keys, values, bias) ?? throw new Stop();
    }

    /// <summary>Returns the layer with the tensor arguments of a call other than its input.</summary>
    private Layer OfTensors(Layer layer, TensorCode code, Frame frame) => layer switch
    {
        SoftmaxLayer when code.Arguments.Any(argument => argument.Name == "mask") => new SoftmaxLayer(Given(code, "mask", frame)),
        RecurrentLayer recurrent when code.Arguments.FirstOrDefault(argument => argument.Name == "initial") is { } initial =>
            recurrent.With([.. Tuple(Evaluate(initial.Value, frame))]),
        CrossAttentionLayer => new CrossAttentionLayer(Given(code, "memory", frame)),
        TransformerDecoderLayer => new TransformerDecoderLayer(Given(code, "memory", frame)),
        _ => layer,
    };

    /// <summary>Returns the loss of each element or position.</summary>
    private LayerValue Loss(LossLayer layer, LayerValue output, TensorCode code, Frame frame)
    {
        var target = Evaluate(code.Arguments.First(argument => argument.Name == "target").Value, frame);
        var scope = new LayerScope(state, block, CallOf(code, frame), block.Numbered(LayerNames.Camel(code.Member)), output);
        var weights = code.Arguments.Any(argument => argument.Name == "weights") ? Given(code, "weights", frame) : null;
        if (!TensorFunctions.AreNumbers(scope, output) || layer.Measure(scope.Call, scope, output, target, weights) is not { } terms) throw new Stop();
        if (measured is not null) measured[output.Node] = terms.Activated;
        if (measured is not null && target is LayerValue { Node: InputNode column }) state.Compared.Add((output.Node, column, terms.Kind));

        // A sample has at least one axis.
        var node = terms.Losses.Shape.Rank > 1 ? terms.Losses : GraphBuilder.Reshape(scope.NodeName, Shape.Batch(1), terms.Losses);
        return (output with { Node = node, IsSequence = output.IsSequence && node.Shape.Rank > 1, Mask = null }).After(scope.Path, scope.Call.Site);
    }

    private LayerValue Gradient(TensorCode code, Frame frame)
    {
        var (of, by) = (Given(code, "of", frame), Given(code, "by", frame));
        return Derivatives.Gradient(Scope(code, frame, "Gradient", "gradient", of), of, by) ?? throw new Stop();
    }

    /// <summary>Returns the call in the form of an attribute, without tensors and the numbers of constants.</summary>
    private LayerCall CallOf(TensorCode code, Frame frame)
    {
        var given = code.Arguments.Where(argument => argument.Name is not ("target" or "weights" or "second" or "third" or "mask" or "memory" or "initial" or "queries" or "keys" or "values" or "bias" or "formula")).Select(argument =>
            new ArgumentSpec(argument.Name, ArgumentOf(Evaluate(argument.Value, frame)), frame.Method.SiteOf(argument.Value.Node)));
        return new(new LayerSpec(code.Member, given.ToEquatableArray(), EquatableArray<string>.Empty, frame.Method.SiteOf(code.Node)));
    }

    private static object ArgumentOf(object value) => value switch
    {
        object[] items when items.All(item => item is int) => new EquatableArray<int>([.. items.Select(item => (int)item)]),
        object[] items => new EquatableArray<double>([.. items.Select(Convert.ToDouble)]),
        _ => value,
    };

    private LayerValue Apply(LayerValue input, TensorCode code, Frame frame)
    {
        var instance = (BlockInstance)Evaluate(code.Arguments.First(argument => argument.Name == "block").Value, frame);
        var given = new List<ArgumentSpec> { new("arguments", instance.Arguments, instance.Site) };
        if (instance.IsFrozen) given.Add(new("frozen", true, instance.Site));
        if (instance.IsRecomputed) given.Add(new("recompute", true, instance.Site));
        foreach (var name in code.Arguments.Where(argument => argument.Name == "name"))
        {
            given.Add(new("name", Evaluate(name.Value, frame), frame.Method.SiteOf(name.Value.Node)));
        }

        var spec = new LayerSpec("Apply", given.ToEquatableArray(), EquatableArray.Of(instance.Key), frame.Method.SiteOf(code.Node))
        {
            BlockSite = instance.Site,
        };
        var call = new LayerCall(spec);
        LayerValue[] inputs = [input, .. code.Arguments.Where(argument => argument.Name is "second" or "third").Select(argument => TensorOf(argument.Value, frame))];

        // Another use of the same block has the same weights, so it keeps the name.
        if (instance is { IsUsed: true, Name: { } known }) return LayerLists.LowerInstance(call, 0, known, instance.Scope, state, inputs) ?? throw new Stop();
        var own = call.Word("name", "");
        instance.Name = own.Length > 0 ? own : instance.Name ?? instance.Scope.Numbered(LayerNames.Camel(LayerNames.OfBlock(instance.Key)));
        instance.IsUsed = true;
        return LayerLists.LowerBlock(call, 0, instance.Name, instance.Scope, state, inputs) ?? throw new Stop();
    }

    private LayerValue Concat(TensorCode code, Frame frame)
    {
        var parts = ((object[])Evaluate(code.Arguments[0].Value, frame)).Cast<LayerValue>().ToList();
        if (parts.Count == 0) throw Fail(frame, code.Node, "there is nothing to put together");
        return TensorFunctions.Concat(Scope(code, frame, "Concat", "concat", parts[0]), parts) ?? throw new Stop();
    }

    private LayerValue Function(LayerValue input, TensorCode code, Frame frame)
    {
        var scope = Scope(code, frame, code.Member, LayerNames.Camel(code.Member), input);
        int? axis = code.Arguments.Count > 0 ? AxisOf(input, code, frame) : null;
        return TensorFunctions.Apply(scope, code.Member, input, axis) ?? throw new Stop();
    }

    private LayerValue Transpose(LayerValue input, TensorCode code, Frame frame)
    {
        var scope = ScopeOfCall(code, "transpose", input, frame);
        return (scope.Call.Has("axes") ? MatrixFunctions.Permute(scope, input) : MatrixFunctions.Transpose(scope, input)) ?? throw new Stop();
    }

    /// <summary>Evaluates an argument that is a tensor.</summary>
    private LayerValue Given(TensorCode code, string name, Frame frame) => TensorOf(code.Arguments.First(argument => argument.Name == name).Value, frame);

    /// <summary>Evaluates a tensor. If the value is not a tensor, such as the result of a method with another return type, the C# compiler reports an error.</summary>
    private LayerValue TensorOf(Code code, Frame frame) => Evaluate(code, frame) as LayerValue ?? throw ReportedByCompiler(frame, code.Node);

    private LayerValue Normal(LayerValue like, TensorCode code, Frame frame) =>
        Noise.Normal(Scope(code, frame, "Normal", "normal", like), like) ?? throw new Stop();

    private LayerValue Item(LayerValue input, TensorCode code, Frame frame)
    {
        var size = TensorFunctions.Sizes(input)[0];
        var index = IndexOn(size, code.Arguments[0].Value, frame);
        var scope = ScopeOfCall(code, "item", input, frame);
        if (!scope.Require(index >= 0 && index < size, "index", $"from 0 to {size - 1}, since {scope.Producer} gives {input.ShapeText}")) throw new Stop();
        return TensorFunctions.Slice(scope, input, axis: 0, index, 1, dropsAxis: true) ?? throw new Stop();
    }

    private LayerValue Range(LayerValue input, TensorCode code, Frame frame)
    {
        var size = TensorFunctions.Sizes(input)[0];
        int End(string name, int otherwise) =>
            code.Arguments.FirstOrDefault(argument => argument.Name == name) is { } given ? IndexOn(size, given.Value, frame) : otherwise;
        var (start, end) = (End("start", 0), End("end", size));
        var scope = ScopeOfCall(code, "slice", input, frame);
        var fits = scope.Require(start >= 0 && start < size, "start", $"from 0 to {size - 1}, since {scope.Producer} gives {input.ShapeText}")
            && scope.Require(end > start && end <= size, "end", $"from {start + 1} to {size}, since {scope.Producer} gives {input.ShapeText}");
        return (fits ? TensorFunctions.Slice(scope, input, axis: 0, start, end - start, dropsAxis: false) : null) ?? throw new Stop();
    }

    /// <summary>Evaluates an index along an axis of the given size, counted from its start.</summary>
    private int IndexOn(int size, Code code, Frame frame)
    {
        if (code is not AxisIndexCode at) return (int)Evaluate(code, frame);
        var number = (int)Evaluate(at.Value, frame);
        return at.FromEnd ? size - number : number;
    }

    private LayerValue Slice(LayerValue input, TensorCode code, Frame frame)
    {
        var axis = code.Arguments.Any(argument => argument.Name == "axis") ? AxisOf(input, code, frame) : 0;
        var scope = ScopeOfCall(code, "slice", input, frame);
        var (start, length) = (scope.Call.Int("start"), scope.Call.Int("length"));
        var size = TensorFunctions.Sizes(input)[axis];
        var fits = scope.Require(start >= 0 && start < size, "start", $"from 0 to {size - 1}, since {scope.Producer} gives {input.ShapeText}")
            && scope.Require(length > 0 && length <= size - start, "length", $"from 1 to {size - start}, since {scope.Producer} gives {input.ShapeText}");
        return (fits ? TensorFunctions.Slice(scope, input, axis, start, length, dropsAxis: false) : null) ?? throw new Stop();
    }

    /// <summary>Returns a weight that belongs to no layer. It is created when it is first read; later reads return the same weight.</summary>
    private LayerValue Weight(LayerSpec declaration)
    {
        if (weights.TryGetValue(declaration, out var known)) return known;
        var call = new LayerCall(declaration);
        var name = call.Word("name", "");
        if (!LayerLists.Claim(name, call, home, state)) throw new Stop();
        var scope = new LayerScope(state, home, call, name, null);
        int[] shape = [.. call.Ints("shape")];
        if (!scope.Require(shape.Length > 0 && shape.All(size => size > 0), "shape", "one or more positive sizes, such as Weight(64)")) throw new Stop();
        if (Initializers.Of(scope, "init", "GlorotUniform", shape[shape.Length - 1], shape[0]) is not { } fill) throw new Stop();
        if (scope.Weight(fill, shape) is not { } parameter) throw new Stop();
        var value = new LayerValue(parameter).After(scope.Path, call.Site);
        state.Rows.Add(new LayerRow(home.Depth, name, call.Text, value.ShapeText, parameter.Shape.Length, 0, 0));
        weights.Add(declaration, value);
        return value;
    }

    private LayerScope ScopeOfCall(TensorCode code, string name, LayerValue input, Frame frame) =>
        new(state, block, CallOf(code, frame), block.Numbered(name), input);

    private int SizeOf(LayerValue input, TensorCode code, Frame frame) => TensorFunctions.Sizes(input)[AxisOf(input, code, frame)];

    /// <summary>Returns the axis of a sample, counted from 0.</summary>
    private int AxisOf(LayerValue input, TensorCode code, Frame frame)
    {
        var axis = (int)Evaluate(code.Arguments.First(argument => argument.Name == "axis").Value, frame);
        var rank = TensorFunctions.Sizes(input).Count;
        if (axis >= -rank && axis < rank) return axis < 0 ? axis + rank : axis;
        var call = CallOf(code, frame);
        var scope = new LayerScope(state, block, call, LayerNames.Camel(code.Member), input);
        scope.Require(false, "axis", $"from {-rank} to {rank - 1}, since the sample of {input.ShapeText} has {rank} {(rank == 1 ? "axis" : "axes")}");
        throw new Stop();
    }

    /// <summary>A block object: all its uses have the same weights.</summary>
    private sealed class BlockInstance(string key, BlockArguments arguments, BlockScope scope, Site site)
    {
        public string Key => key;

        /// <summary>The scope in which it was created, which its name belongs to.</summary>
        public BlockScope Scope => scope;

        public BlockArguments Arguments => arguments;

        public Site Site => site;

        /// <summary>The name of its weights: that of its field, or the name of its first use.</summary>
        public string? Name { get; set; }

        public bool IsUsed { get; set; }

        public bool IsFrozen { get; set; }

        public bool IsRecomputed { get; set; }
    }
}
