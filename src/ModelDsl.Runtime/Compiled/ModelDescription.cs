using System.ComponentModel;

namespace ModelDsl.Compiled;

/// <summary>Everything the runtime knows about a compiled model. The generator emits one static instance per model class.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record ModelDescription
{
    /// <summary>The class name, for messages and summaries.</summary>
    public required string Name { get; init; }

    /// <summary>The tensors a sample brings along as inputs, in the order of the model's declaration.</summary>
    public required ColumnDescription[] Inputs { get; init; }

    /// <summary>What the loss compares with: labels or targets. Empty for an autoencoder (its target is an input) or a model without a loss.</summary>
    public required ColumnDescription[] Targets { get; init; }

    /// <summary>The model's outputs, raw (logits) as the last layer leaves them, and behind them those that <c>[Output]</c> names inside the network.</summary>
    public required OutputDescription[] Outputs { get; init; }

    /// <summary>Parameters in the order of their offsets: all trainable ones first, then the frozen ones.</summary>
    public required ParameterDescription[] Parameters { get; init; }

    /// <summary>Values that training steps change and nobody learns, such as running statistics: behind the parameters in the same buffer.</summary>
    public ParameterDescription[] States { get; init; } = [];

    /// <summary>Numbers that were known when the model was compiled: behind the states in the same buffer. They are in no file, and nothing changes them.</summary>
    public ConstantDescription[] Constants { get; init; } = [];

    /// <summary>Where the states begin in the parameter buffer.</summary>
    public int StatesOffset => States.Length == 0 ? StatesEnd : States[0].Offset;

    /// <summary>The floats that the states take in the parameter buffer.</summary>
    public int StatesFloats => StatesEnd - StatesOffset;

    /// <summary>Where the constants begin, behind the states.</summary>
    private int StatesEnd => Constants.Length == 0 ? ParameterFloats : Constants[0].Offset;

    /// <summary>
    /// The name of a layer that cannot train on a single sample, because the statistics of one value say nothing; null when any batch will do.
    /// </summary>
    public string? NeedsTwoSamples { get; init; }

    /// <summary>Length of the flat parameter buffer in floats, pads, states and constants included.</summary>
    public required int ParameterFloats { get; init; }

    /// <summary>Length of the trainable prefix of the parameter buffer, which is also the length of the gradient buffer.</summary>
    public required int TrainableFloats { get; init; }

    /// <summary>The losses that train a part of the model each, every one with a training step of its own. Empty for the usual single loss.</summary>
    public LossDescription[] Losses { get; init; } = [];

    /// <summary>What the loss measures; decides which metric is shown by default.</summary>
    public required LossKind Loss { get; init; }

    /// <summary>
    /// Of losses that are methods: which outputs they compare with which columns, and how; decides which metrics are shown by default. Empty for a loss on the
    /// class, which compares the only output with the only target.
    /// </summary>
    public ComparisonDescription[] Comparisons { get; init; } = [];

    /// <summary>One row per layer, for <c>Summary()</c>.</summary>
    public required LayerDescription[] Layers { get; init; }

    /// <summary>The programs that the model was compiled to, for devices to choose from.</summary>
    public required ProgramDescription[] Programs { get; init; }
}

/// <summary>One of several losses.</summary>
/// <param name="Name">What it is called in the model's declaration.</param>
/// <param name="Part">The part of the model it trains: what the names of its parameters begin with; empty for all.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record LossDescription(string Name, string Part);

/// <summary>An output that a loss compares with a column of the data.</summary>
/// <param name="Kind">What it measures.</param>
/// <param name="Output">The index of the output.</param>
/// <param name="Column">The index of the column: inputs first, then targets.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record ComparisonDescription(LossKind Kind, int Output, int Column);

/// <summary>What a loss measures, as far as metrics care.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum LossKind
{
    /// <summary>The model declares no loss; it cannot be trained by a <c>Trainer</c>.</summary>
    None,

    /// <summary>Distances to float targets.</summary>
    Regression,

    /// <summary>Cross-entropy of one logit per value with targets in [0, 1].</summary>
    Binary,

    /// <summary>Cross-entropy of class logits with class indices.</summary>
    Classes,

    /// <summary>Cross-entropy of class logits with a distribution over the classes.</summary>
    SoftClasses,

    /// <summary>A loss written by the user.</summary>
    Custom,
}

/// <summary>One tensor of a sample, as data brings it.</summary>
/// <param name="Name">The column's name: <c>input</c>, <c>target</c>, <c>label</c>, or the user's.</param>
/// <param name="Type">Whether values are floats or integers.</param>
/// <param name="Shape">The shape of one sample, without the batch axis; empty for one value per sample.</param>
/// <param name="Bound">For integers: the exclusive upper bound (vocabulary size, number of classes). 0 for floats.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record ColumnDescription(string Name, ColumnType Type, int[] Shape, int Bound = 0)
{
    /// <summary>Values per sample.</summary>
    public int Length { get; } = Extents.Product(Name, Shape);

    /// <summary>Of labels: the one that does not count, which may lie outside the bound; null where all count.</summary>
    public int? Ignored { get; init; }

    /// <summary>Of labels: the token ids whose padding takes out their positions; null where all positions count.</summary>
    public PaddingDescription? Padding { get; init; }

    /// <summary>What cross-entropies compare with: of integers class indices below <see cref="Bound"/>, of floats probabilities. Empty where none does.</summary>
    public ComparedElements[] Compared { get; init; } = [];
}

/// <summary>The elements of a column that a cross-entropy compares with, the same ones in each sample.</summary>
/// <param name="Loss">The loss, such as <c>BinaryCrossEntropy</c>.</param>
/// <param name="Start">Where the first run of elements starts.</param>
/// <param name="Count">The elements of a run.</param>
/// <param name="Period">The elements between the starts of two runs; 0 for all elements of the column.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record ComparedElements(string Loss, int Start = 0, int Count = 0, int Period = 0)
{
    /// <summary>Whether an element is one of them.</summary>
    /// <param name="index">Its index in a sample.</param>
    public bool Contains(int index) => Period == 0 || (uint)((index % Period) - Start) < (uint)Count;
}

/// <summary>Which positions of a sequence are padding: those where a column of token ids, as long as the labels, has that token.</summary>
/// <param name="Input">The input's place in the model's declaration.</param>
/// <param name="Token">The token.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record PaddingDescription(int Input, int Token);

/// <summary>The element type of a column.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum ColumnType
{
    /// <summary>32-bit floats.</summary>
    Float,

    /// <summary>32-bit integers: token ids or class labels.</summary>
    Int,
}

/// <summary>One output of the model.</summary>
/// <param name="Name">The output's name.</param>
/// <param name="Shape">The shape of one sample, without the batch axis.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record OutputDescription(string Name, int[] Shape)
{
    /// <summary>Whether the loss has a link (softmax, sigmoid) that makes other values of the raw output.</summary>
    public bool HasLink { get; init; }

    /// <summary>Whether it is the output of a layer inside the network that <c>[Output]</c> names: inference gives it, training and losses do not know it.</summary>
    public bool IsInside { get; init; }

    /// <summary>Values per sample.</summary>
    public int Length { get; } = Extents.Product(Name, Shape);
}

/// <summary>One parameter: its logical shape (PyTorch's layout, also that of files) and its place in the flat buffer.</summary>
/// <param name="Name">The name users and files see, such as <c>dense1.weight</c>.</param>
/// <param name="Shape">The logical shape; a dense weight is [out, in].</param>
/// <param name="Offset">Where it starts in the flat buffer, in floats; a multiple of 16.</param>
/// <param name="Layout">How logical elements are spread over the buffer.</param>
/// <param name="Initializer">How fresh models fill it.</param>
/// <param name="Trainable">False for frozen parameters, which have neither gradient nor optimizer state.</param>
/// <param name="WeightDecay">The layer's own weight decay; NaN leaves the choice to the optimizer.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record ParameterDescription(
    string Name, int[] Shape, int Offset, ParameterLayout Layout, InitializerDescription Initializer, bool Trainable, double WeightDecay = double.NaN)
{
    /// <summary>Number of logical elements.</summary>
    public int Length { get; } = Extents.Product(Name, Shape);

    /// <summary>
    /// The shape of a picture, channels last, whose flattened values the last axis counts, as in the weight of a dense layer behind a flattened picture. Empty for
    /// others.
    /// </summary>
    public int[] Picture { get; init; } = [];
}

/// <summary>Numbers that were known when the model was compiled.</summary>
/// <param name="Shape">The logical shape.</param>
/// <param name="Offset">Where they start in the flat parameter buffer, in floats; a multiple of 16.</param>
/// <param name="Layout">How logical elements are spread over the buffer.</param>
/// <param name="Values">The elements in row-major order of the logical shape.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record ConstantDescription(int[] Shape, int Offset, ParameterLayout Layout, float[] Values);

/// <summary>
/// The physical place of logical elements: element (i₀, i₁, …) lies at <c>Σ ((i[Axis] / Divisor) mod Modulus) · Stride</c>, relative to
/// the parameter's offset. Places no element maps to are pads and hold zero.
/// </summary>
/// <param name="Floats">The physical length in floats, pads included; a multiple of 16.</param>
/// <param name="Terms">The terms of the sum.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record ParameterLayout(int Floats, LayoutTerm[] Terms);

/// <summary>One term of a <see cref="ParameterLayout"/>. A modulus of 0 means no modulus.</summary>
/// <param name="Axis">The logical axis.</param>
/// <param name="Divisor">The index is divided by this first.</param>
/// <param name="Modulus">Then reduced modulo this; 0 for not at all.</param>
/// <param name="Stride">Then multiplied by this, in floats.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct LayoutTerm(int Axis, int Divisor, int Modulus, int Stride);

/// <summary>How a fresh parameter is filled: fans and gains are already worked out by the generator.</summary>
/// <param name="Distribution">The distribution.</param>
/// <param name="Center">The constant, or the mean.</param>
/// <param name="Spread">Half the width of a uniform distribution, or the standard deviation of a normal one.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct InitializerDescription(InitializerDistribution Distribution, double Center, double Spread);

/// <summary>The distribution of initial values.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum InitializerDistribution
{
    /// <summary>All values equal the centre.</summary>
    Constant,

    /// <summary>Uniform in [centre − spread, centre + spread).</summary>
    Uniform,

    /// <summary>Normal with the given mean and standard deviation.</summary>
    Normal,

    /// <summary>Normal, redrawn outside two standard deviations.</summary>
    TruncatedNormal,
}

/// <summary>The memory and the work of a plan.</summary>
/// <param name="BatchedFloats">Arena floats per sample; buffers start at <c>offset · capacity</c>.</param>
/// <param name="FixedFloats">Arena floats that do not depend on the batch size.</param>
/// <param name="LossOffset">Where the mean loss, or the first of several, lies in the fixed arena; −1 without a loss.</param>
/// <param name="ForwardFlops">Floating-point operations per sample of the forward part.</param>
/// <param name="BackwardFlops">Floating-point operations per sample of the backward part; 0 for inference.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record PlanDescription(int BatchedFloats, int FixedFloats, int LossOffset, long ForwardFlops, long BackwardFlops)
{
    /// <summary>Floats of memory that each worker of a step has of its own.</summary>
    public int WorkerFloats { get; init; }

    /// <summary>Where each of several mean losses lies, of a plan that computes them together: that of inference. Empty for a single one.</summary>
    public int[] LossOffsets { get; init; } = [];

    /// <summary>Where a mean loss lies.</summary>
    /// <param name="loss">Its place in the model's declaration; 0 for a single one.</param>
    public int OffsetOf(int loss) => LossOffsets.Length == 0 ? LossOffset : LossOffsets[loss];
}

/// <summary>A row of the model's summary.</summary>
/// <param name="Name">The layer's name, indented by composition.</param>
/// <param name="Kind">The layer's kind with its arguments, such as <c>Dense(128)</c>.</param>
/// <param name="Output">Its output shape, such as <c>[N, 128]</c>.</param>
/// <param name="Parameters">Its number of parameters.</param>
/// <param name="Flops">Floating-point operations of one sample's forward pass.</param>
/// <param name="Bytes">Bytes of its output for one sample.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record LayerDescription(string Name, string Kind, string Output, long Parameters, long Flops, long Bytes);
