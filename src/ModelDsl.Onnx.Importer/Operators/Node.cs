using System.Diagnostics.CodeAnalysis;
using ModelDsl.Onnx.Importer.Emit;
using ModelDsl.Onnx.Importer.Values;
using ModelDsl.Onnx.Schema;

namespace ModelDsl.Onnx.Importer.Operators;

/// <summary>A node of the file while it is converted: its inputs, its attributes, and where its outputs go.</summary>
/// <param name="proto">The node.</param>
/// <param name="inputs">Its inputs; null for those that are left out.</param>
/// <param name="scope">What all nodes share.</param>
internal sealed class Node(NodeProto proto, IReadOnlyList<Value?> inputs, ImportScope scope)
{
    private readonly Value?[] outputs = new Value?[proto.Output.Count];

    /// <summary>Its name.</summary>
    public string Name => proto.Name;

    /// <summary>The operator.</summary>
    public string Type => proto.OpType;

    /// <summary>The version of the operators.</summary>
    public long Opset => scope.Opset;

    /// <summary>What all nodes share.</summary>
    public ImportScope Scope => scope;

    /// <summary>The inputs.</summary>
    public IReadOnlyList<Value?> Inputs => inputs;

    /// <summary>The outputs that have been computed.</summary>
    public IReadOnlyList<Value?> Outputs => outputs;

    /// <summary>Whether an output exists and is used by a later node.</summary>
    public bool Needs(int output) => output < proto.Output.Count && proto.Output[output].Length > 0 && scope.IsUsed(proto.Output[output]);

    /// <summary>Returns a node with another operator and other inputs, and with the same attributes and outputs.</summary>
    public Node With(string type, params Value?[] others)
    {
        var own = proto.Clone();
        own.OpType = type;
        return new(own, others, scope);
    }

    /// <summary>Sets an output.</summary>
    public void Set(int output, Value value)
    {
        if (output >= outputs.Length) return;
        if (value is Tensor tensor)
        {
            if (tensor.Code.Name.Length == 0) tensor.Code.Name = proto.Output[output];
            Require(
                tensor.SampleAxes.All(axis => tensor.Shape[axis] > 0) && Sizes.CountOf(tensor.SampleAxes.Select(axis => tensor.Shape[axis])) <= int.MaxValue,
                $"its output has the shape {Sizes.Text(tensor.Shape)}, which has no values, or too many for a sample.");
        }

        outputs[output] = value;
    }

    /// <summary>Whether an input exists.</summary>
    public bool Has(int input) => input < inputs.Count && inputs[input] is not null;

    /// <summary>Returns an input of any kind.</summary>
    public Value Input(int input) => Has(input) ? inputs[input]! : throw Damaged($"input {input} is missing.");

    /// <summary>Returns an input that the model computes.</summary>
    public Tensor Tensor(int input) => Input(input) switch
    {
        Tensor { Kind: ElementKind.Token } => throw Unsupported($"input {input} consists of whole numbers that are ids of tokens elsewhere. Only tables (Gather) accept them."),
        Tensor tensor => tensor,
        _ => throw Unsupported($"input {input} is a constant, but the model has to compute it."),
    };

    /// <summary>Returns an input that is known during the import.</summary>
    public Constant Constant(int input) => Input(input) as Constant
        ?? throw Unsupported($"input {input} depends on the input of the model, but it must be known when the project is built.");

    /// <summary>Returns whole numbers that are known during the import; null if the input is left out.</summary>
    public long[]? Integers(int input)
    {
        if (!Has(input)) return null;
        var constant = Constant(input);
        if (constant.Count > 1 << 20) throw Damaged($"input {input} has {constant.Count:N0} numbers, but a short list is expected.");
        return [.. Enumerable.Range(0, (int)constant.Count).Select(index => constant.Integer(index))];
    }

    /// <summary>Whether an attribute is given.</summary>
    public bool HasAttribute(string name) => Find(name) is not null;

    public long Int(string name, long otherwise) => Find(name)?.I ?? otherwise;

    public double Float(string name, double otherwise) => Find(name) is { } given ? Emit.Numbers.Exact(given.F) : otherwise;

    public string Text(string name, string otherwise) => Find(name)?.S.ToStringUtf8() ?? otherwise;

    public long[]? Ints(string name) => Find(name) is { } given ? [.. given.Ints] : null;

    public float[]? Floats(string name) => Find(name) is { } given ? [.. given.Floats] : null;

    public string[]? Texts(string name) => Find(name) is { } given ? [.. given.Strings.Select(text => text.ToStringUtf8())] : null;

    public TensorProto? Numbers(string name) => Find(name)?.T;

    /// <summary>Returns an axis, counted from the first.</summary>
    public int Axis(long axis, int rank) => axis >= -rank && axis < rank ? (int)(axis < 0 ? axis + rank : axis) : throw Damaged($"axis {axis} does not exist: there are {rank}.");

    /// <summary>The error that this use of the operator is not supported.</summary>
    public ImportException Unsupported(string message) => Error(ImportException.Unsupported, message);

    /// <summary>The error that the file contradicts itself.</summary>
    public ImportException Damaged(string message) => Error(ImportException.Damaged, message);

    /// <summary>Fails if a condition does not hold.</summary>
    public void Require([DoesNotReturnIf(false)] bool condition, string message)
    {
        if (!condition) throw Unsupported(message);
    }

    /// <summary>Fails if the file contradicts itself.</summary>
    public void Check([DoesNotReturnIf(false)] bool condition, string message)
    {
        if (!condition) throw Damaged(message);
    }

    /// <summary>Creates a call of a layer with weights. Its name is that of its first weight, or of the node.</summary>
    /// <param name="input">The input.</param>
    /// <param name="call">The call without its name and its last parenthesis, such as <c>Dense(3</c>.</param>
    /// <param name="constants">The constants that its weights are from.</param>
    /// <param name="weights">The weights with their names within the layer.</param>
    public Code Layer(Code input, string call, IEnumerable<Constant> constants, params IEnumerable<Weights.WeightTensor> weights) => Layer([input], call, constants, weights);

    /// <summary>Creates a call of a layer with weights that reads several tensors.</summary>
    /// <param name="operands">The input, and what <c>{1}</c>, <c>{2}</c> and so on are in the call.</param>
    /// <inheritdoc cref="Layer(Code, string, IEnumerable{Constant}, IEnumerable{Weights.WeightTensor})"/>
    public Code Layer(Code[] operands, string call, IEnumerable<Constant> constants, params IEnumerable<Weights.WeightTensor> weights)
    {
        var name = scope.Names.Layer(Name, constants);
        return new("{0}." + $"{call}{(call.EndsWith('(') ? "" : ", ")}name: \"{name}\")", Precedence.Primary, operands)
        {
            Weights = [.. weights.Select(weight => weight with { Name = $"{name}.{weight.Name}" })],
        };
    }

    /// <summary>An error with the operator as it is in the file.</summary>
    private ImportException Error(string code, string message) => Type == Recognize.Recognized.Attention
        ? ImportException.InAttention(code, Name, message)
        : ImportException.AtNode(code, Name, Recognize.Recognized.Shown(Type), message);

    private AttributeProto? Find(string name) => proto.Attribute.FirstOrDefault(attribute => attribute.Name == name);
}
