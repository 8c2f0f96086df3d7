using System.ComponentModel;

namespace ModelDsl.Compiled;

/// <summary>The description of a compiled model for the runtime. The generator emits one static instance per model class.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record ModelDescription
{
    /// <summary>The class name, for error messages and summaries.</summary>
    public required string Name { get; init; }

    /// <summary>The input tensors of a sample, in the order of the model's declaration.</summary>
    public required ColumnDescription[] Inputs { get; init; }

    /// <summary>The labels or targets that the loss compares with. Empty for an autoencoder (its target is an input) or a model without a loss.</summary>
    public required ColumnDescription[] Targets { get; init; }

    /// <summary>The raw outputs of the model (logits), as the last layer computes them, followed by the outputs that <c>[Output]</c> names inside the network.</summary>
    public required OutputDescription[] Outputs { get; init; }

    /// <summary>The parameters in the order of their offsets: first all trainable ones, then the frozen ones.</summary>
    public required ParameterDescription[] Parameters { get; init; }

    /// <summary>Values that training steps change without gradients, such as running statistics. They follow the parameters in the same buffer.</summary>
    public ParameterDescription[] States { get; init; } = [];

    /// <summary>Numbers that are known when the model is compiled. They follow the states in the same buffer. No file contains them, and nothing changes them.</summary>
    public ConstantDescription[] Constants { get; init; } = [];

    /// <summary>The offset of the states in the parameter buffer.</summary>
    public int StatesOffset => States.Length == 0 ? StatesEnd : States[0].Offset;

    /// <summary>The length of the states in the parameter buffer, in floats.</summary>
    public int StatesFloats => StatesEnd - StatesOffset;

    /// <summary>The offset of the constants, which follow the states.</summary>
    private int StatesEnd => Constants.Length == 0 ? ParameterFloats : Constants[0].Offset;

    /// <summary>
    /// The name of a layer that cannot train on a single sample, because it needs statistics of several values; null if any batch is valid.
    /// </summary>
    public string? NeedsTwoSamples { get; init; }

    /// <summary>The length of the flat parameter buffer in floats, including pads, states and constants.</summary>
    public required int ParameterFloats { get; init; }

    /// <summary>The length of the trainable prefix of the parameter buffer, which is also the length of the gradient buffer, in floats.</summary>
    public required int TrainableFloats { get; init; }

    /// <summary>The losses of a model in which each loss trains a part of the model and has its own training step. Empty for the usual single loss.</summary>
    public LossDescription[] Losses { get; init; } = [];

    /// <summary>The former names of layers and weights, under which files may have them.</summary>
    public FormerNameDescription[] FormerNames { get; init; } = [];

    /// <summary>The shorter lengths that the model is also compiled for; null for a model without them.</summary>
    public BucketsDescription? Buckets { get; init; }

    /// <summary>The memory of a training step if the backward pass computes blocks again; null if it does not.</summary>
    public RecomputationDescription? Recomputation { get; init; }

    /// <summary>The description of sessions; null for a model that generates no tokens.</summary>
    public GenerationDescription? Generation { get; init; }

    /// <summary>What the loss measures; decides which metric is shown by default.</summary>
    public required LossKind Loss { get; init; }

    /// <summary>Whether the model is for prediction only: it has no loss, no training step and no gradients.</summary>
    public bool IsPredictionOnly => Loss == LossKind.None;

    /// <summary>
    /// For losses that are methods: the outputs and columns that they compare, and how. They decide which metrics are shown by default. Empty for a loss on the
    /// class, which compares the only output with the only target.
    /// </summary>
    public ComparisonDescription[] Comparisons { get; init; } = [];

    /// <summary>One row per layer, for <c>Summary()</c>.</summary>
    public required LayerDescription[] Layers { get; init; }

    /// <summary>The programs that the model was compiled to, from which devices choose.</summary>
    public required ProgramDescription[] Programs { get; init; }

    /// <summary>Creates the description of the inference graph; null if the model was compiled in a project without a package that reads graphs.</summary>
    public Func<GraphDescription>? Graph { get; init; }

    /// <summary>Create the descriptions of the forward part of training steps, one for each loss, if <see cref="Graph"/> exists. Empty for a model for prediction only.</summary>
    public Func<GraphDescription>[] TrainingGraphs { get; init; } = [];
}

/// <summary>One of several losses.</summary>
/// <param name="Name">The name of the loss in the model's declaration.</param>
/// <param name="Part">The part of the model that the loss trains: the prefix of the names of its parameters; empty for all parameters.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record LossDescription(string Name, string Part);

/// <summary>An output that a loss compares with a column of the data.</summary>
/// <param name="Kind">What the loss measures.</param>
/// <param name="Output">The index of the output.</param>
/// <param name="Column">The index of the column: inputs first, then targets.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record ComparisonDescription(LossKind Kind, int Output, int Column);

/// <summary>What a loss measures, as far as it matters for metrics.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum LossKind
{
    /// <summary>The model is for prediction only; it has no training step.</summary>
    None,

    /// <summary>Compares with float targets.</summary>
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

/// <summary>The description of one tensor of a sample in the data.</summary>
/// <param name="Name">The column's name: <c>input</c>, <c>target</c>, <c>label</c>, or the user's.</param>
/// <param name="Type">Whether values are floats or integers.</param>
/// <param name="Shape">The shape of one sample, without the batch axis; empty for one value per sample.</param>
/// <param name="Bound">For integers: the exclusive upper bound (vocabulary size, number of classes). It is 0 for floats.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record ColumnDescription(string Name, ColumnType Type, int[] Shape, int Bound = 0)
{
    /// <summary>The number of values per sample.</summary>
    public int Length { get; } = Extents.Product(Name, Shape);

    /// <summary>For labels: the label that is not counted, which may lie outside the bound; null if all labels count.</summary>
    public int? Ignored { get; init; }

    /// <summary>For labels: the token ids whose padding excludes positions; null if all positions count.</summary>
    public PaddingDescription? Padding { get; init; }

    /// <summary>For labels: the weight of each class in the mean of the loss; empty if all classes have the same weight.</summary>
    public float[] ClassWeights { get; init; } = [];

    /// <summary>Whether the column contains the weight of each sample in the mean of the loss.</summary>
    public bool IsWeight { get; init; }

    /// <summary>Whether a loss uses the values as weights, although means over several batches do not: they are finite and not negative, as those of <see cref="IsWeight"/>.</summary>
    public bool HasWeights { get; init; }

    /// <summary>The elements that cross-entropies compare with: class indices below <see cref="Bound"/> for integers, probabilities for floats. Empty if there are none.</summary>
    public ComparedElements[] Compared { get; init; } = [];
}

/// <summary>The elements of a column that a cross-entropy compares with; they are the same in each sample.</summary>
/// <param name="Loss">The loss, such as <c>BinaryCrossEntropy</c>.</param>
/// <param name="Start">The index of the first element of the first range.</param>
/// <param name="Count">The number of elements in a range.</param>
/// <param name="Period">The number of elements from the start of one range to the start of the next; 0 if the loss compares with all elements of the column.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record ComparedElements(string Loss, int Start = 0, int Count = 0, int Period = 0)
{
    /// <summary>Whether the loss compares with an element.</summary>
    /// <param name="index">The index of the element in a sample.</param>
    public bool Contains(int index) => Period == 0 || (uint)((index % Period) - Start) < (uint)Count;
}

/// <summary>The padding of a sequence: the positions at which a column of token ids, as long as the labels, has a certain token.</summary>
/// <param name="Input">The input's index in the model's declaration.</param>
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

/// <summary>An output of the model.</summary>
/// <param name="Name">The output's name.</param>
/// <param name="Shape">The shape of one sample, without the batch axis.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record OutputDescription(string Name, int[] Shape)
{
    /// <summary>Whether the loss has an output activation (softmax, sigmoid), so that its result differs from the raw output.</summary>
    public bool HasOutputActivation { get; init; }

    /// <summary>Whether it is the output of a layer inside the network that <c>[Output]</c> names. Inference returns it; training and losses do not use it.</summary>
    public bool IsInside { get; init; }

    /// <summary>Whether training steps do not keep it, because it has so many classes that they compute it for some rows at a time.</summary>
    public bool IsDropped { get; init; }

    /// <summary>The number of values per sample.</summary>
    public int Length { get; } = Extents.Product(Name, Shape);
}

/// <summary>A parameter: its logical shape (in PyTorch's layout, which files also use) and its offset in the flat buffer.</summary>
/// <param name="Name">The name in the API and in files, such as <c>dense1.weight</c>.</param>
/// <param name="Shape">The logical shape; a dense weight is [out, in].</param>
/// <param name="Offset">The offset in the flat buffer, in floats; a multiple of 16.</param>
/// <param name="Layout">How logical elements lie in the buffer.</param>
/// <param name="Initializer">The distribution of the initial values.</param>
/// <param name="Trainable">False for frozen parameters, which have neither a gradient nor optimizer state.</param>
/// <param name="WeightDecay">The layer's own weight decay; NaN if the optimizer decides.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record ParameterDescription(
    string Name, int[] Shape, int Offset, ParameterLayout Layout, InitializerDescription Initializer, bool Trainable, double WeightDecay = double.NaN)
{
    /// <summary>The number of logical elements.</summary>
    public int Length { get; } = Extents.Product(Name, Shape);

    /// <summary>
    /// The shape of the image, channels last, whose flattened values are the last axis, as in the weight of a dense layer after a flattened image. Empty for
    /// other parameters.
    /// </summary>
    public int[] Picture { get; init; } = [];

    /// <summary>For a table of which a training step updates only the rows that its batch names: the index of the column of token ids. −1 for other parameters.</summary>
    public int SparseIds { get; init; } = -1;
}

/// <summary>Numbers that are known when the model is compiled.</summary>
/// <param name="Shape">The logical shape.</param>
/// <param name="Offset">The offset in the flat parameter buffer, in floats; a multiple of 16.</param>
/// <param name="Layout">How logical elements lie in the buffer.</param>
/// <param name="Values">The elements in row-major order of the logical shape.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record ConstantDescription(int[] Shape, int Offset, ParameterLayout Layout, float[] Values);

/// <summary>
/// The physical offset of logical elements: element (i₀, i₁, …) lies at <c>Σ ((i[Axis] / Divisor) mod Modulus) · Stride</c>, relative to
/// the parameter's offset. Floats of the buffer that no element maps to are pads and are zero.
/// </summary>
/// <param name="Floats">The physical length in floats, including pads; a multiple of 16.</param>
/// <param name="Terms">The terms of the sum.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record ParameterLayout(int Floats, LayoutTerm[] Terms);

/// <summary>One term of a <see cref="ParameterLayout"/>.</summary>
/// <param name="Axis">The logical axis.</param>
/// <param name="Divisor">The number that the index is divided by first.</param>
/// <param name="Modulus">The modulus of the quotient; 0 for no modulus.</param>
/// <param name="Stride">The factor of the result, in floats.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct LayoutTerm(int Axis, int Divisor, int Modulus, int Stride);

/// <summary>The initial values of a parameter. The generator has already applied fans and gains.</summary>
/// <param name="Distribution">The distribution.</param>
/// <param name="Center">The constant, or the mean.</param>
/// <param name="Scale">Half the width of a uniform distribution, or the standard deviation of a normal one.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct InitializerDescription(InitializerDistribution Distribution, double Center, double Scale);

/// <summary>The distribution of initial values.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum InitializerDistribution
{
    /// <summary>All values equal the center.</summary>
    Constant,

    /// <summary>Uniform in [center − scale, center + scale).</summary>
    Uniform,

    /// <summary>Normal with the given mean and standard deviation.</summary>
    Normal,

    /// <summary>Normal; values outside two standard deviations are drawn again.</summary>
    TruncatedNormal,
}

/// <summary>The memory and the work of a plan.</summary>
/// <param name="BatchedFloats">The number of arena floats per sample; buffers start at <c>offset · capacity</c>.</param>
/// <param name="FixedFloats">The number of arena floats that do not depend on the batch size.</param>
/// <param name="LossOffset">The offset of the mean loss, or of the first of several, in the fixed arena; −1 without a loss.</param>
/// <param name="ForwardFlops">The number of floating-point operations per sample of the forward part.</param>
/// <param name="BackwardFlops">The number of floating-point operations per sample of the backward part; 0 for inference.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record PlanDescription(int BatchedFloats, int FixedFloats, int LossOffset, long ForwardFlops, long BackwardFlops)
{
    /// <summary>The training step of a model for prediction only: no memory and no work.</summary>
    public static PlanDescription None { get; } = new(0, 0, LossOffset: -1, ForwardFlops: 0, BackwardFlops: 0);

    /// <summary>The size of the memory that each worker of a step has of its own, in floats.</summary>
    public int WorkerFloats { get; init; }

    /// <summary>The number that the capacity of the batched arena must be a multiple of, so that buffers start at cache lines.</summary>
    public int SampleAlignment { get; init; } = 16;

    /// <summary>The offsets of several mean losses in a plan that computes them together, which is the inference plan. Empty for a single loss.</summary>
    public int[] LossOffsets { get; init; } = [];

    /// <summary>Returns the offset of a mean loss.</summary>
    /// <param name="loss">The index of the loss in the model's declaration; 0 for a single one.</param>
    public int OffsetOf(int loss) => LossOffsets.Length == 0 ? LossOffset : LossOffsets[loss];

    /// <summary>Returns a plan with enough memory for each of several plans, which run one at a time in it. Everything else is that of the last.</summary>
    /// <param name="plans">The plans.</param>
    internal static PlanDescription Largest(IEnumerable<PlanDescription> plans) => plans.Aggregate(static (some, plan) => plan with
    {
        BatchedFloats = Math.Max(some.BatchedFloats, plan.BatchedFloats),
        FixedFloats = Math.Max(some.FixedFloats, plan.FixedFloats),
        WorkerFloats = Math.Max(some.WorkerFloats, plan.WorkerFloats),
    });
}

/// <summary>A row of the model's summary.</summary>
/// <param name="Name">The layer's name, indented by its depth in blocks.</param>
/// <param name="Kind">The layer's kind with its arguments, such as <c>Dense(128)</c>.</param>
/// <param name="Output">Its output shape, such as <c>[N, 128]</c>.</param>
/// <param name="Parameters">Its number of parameters.</param>
/// <param name="Flops">The number of floating-point operations of the forward pass of one sample.</param>
/// <param name="Bytes">The number of bytes of its output for one sample.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record LayerDescription(string Name, string Kind, string Output, long Parameters, long Flops, long Bytes);
