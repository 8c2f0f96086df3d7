using Microsoft.CodeAnalysis;

namespace ModelDsl.Generator.Diagnostics;

/// <summary>
/// All diagnostics. Each has a page in <c>docs/diagnostics</c> and a line in <c>AnalyzerReleases</c>. The placeholders of a
/// message are filled with formatted text.
/// </summary>
internal static class Descriptors
{
    private const string Pages = "https://github.com/modeldsl/modeldsl/blob/main/docs/diagnostics/";

    private static readonly Dictionary<string, DiagnosticDescriptor> ById = [];

    // Declarations
    public static readonly DiagnosticDescriptor NotPartial = Error("MDSL0001", "The class is not partial",
        "'{0}' has [{1}], but is not partial; write 'partial class {0}', so that its other half can be generated");

    public static readonly DiagnosticDescriptor ContainerNotPartial = Error("MDSL0002", "A class around a model is not partial",
        "'{0}' contains the model '{1}', but is not partial; write 'partial class {0}', so that the other half of '{1}' can be " +
        "generated inside it");

    public static readonly DiagnosticDescriptor SeveralLayerLists = Error("MDSL0003", "Layers are spread over several declarations",
        "The layers of '{0}' stand on several partial declarations, so their order would be undefined; move them all to one declaration");

    public static readonly DiagnosticDescriptor GenericType = Error("MDSL0004", "A model or block is generic",
        "'{0}' is generic or lies in a generic class; the sizes and layers of a [{1}] must be known when it is compiled, so it cannot " +
        "have type parameters");

    public static readonly DiagnosticDescriptor FileLocalType = Error("MDSL0005", "A model or block is file-local",
        "'{0}' is file-local; its other half is generated into another file and cannot see it: write 'internal' instead of 'file'");

    public static readonly DiagnosticDescriptor BaseClass = Error("MDSL0006", "A model or block has a base class",
        "'{0}' derives from '{1}'; the base class of a [{2}] is generated: remove ': {1}', or move the members to a class that uses " +
        "'{0}'");

    public static readonly DiagnosticDescriptor OwnConstructor = Error("MDSL0007", "A model or block has a constructor",
        "'{0}' declares {1}; {2}");

    public static readonly DiagnosticDescriptor UnsuitableClass = Error("MDSL0008", "The class cannot be a model or block",
        "'{0}' is {1}; a [{2}] must be {3}");

    public static readonly DiagnosticDescriptor LayersWithoutModel = Warning("MDSL0009", "Layer attributes without [Model] or [Block]",
        "'{0}' has layer attributes, but neither [Model] nor [Block], so nothing is generated for it; add one of them");

    // Shapes and arguments
    public static readonly DiagnosticDescriptor ArgumentOutOfRange = Error("MDSL0010", "An argument is out of range",
        "'{0}' of {1} is {2}; it must be {3}");

    public static readonly DiagnosticDescriptor InputNotAccepted = Error("MDSL0011", "A layer does not accept the shape before it",
        "{0} needs {1}, but {2} gives {3} (path: {4}){5}");

    public static readonly DiagnosticDescriptor ReshapeCount = Error("MDSL0012", "A reshape changes the number of values",
        "Reshape to {0} needs {1} values per sample, but {2} gives {3} (path: {4}){5}");

    public static readonly DiagnosticDescriptor ResidualShape = Error("MDSL0013", "A residual block changes the shape",
        "A residual block must keep the shape, so that its result can be added to its input, but {0} turns {1} into {2} (path: {3}){4}");

    public static readonly DiagnosticDescriptor BranchesDiffer = Error("MDSL0014", "Parallel branches cannot be merged",
        "The branches of {0} cannot be merged with Merge.{1}: {2} (path: {3}){4}");

    public static readonly DiagnosticDescriptor LossShape = Error("MDSL0015", "The loss does not fit the output",
        "{0} needs {1}, but {2} gives {3} (path: {4}){5}");

    public static readonly DiagnosticDescriptor TooLarge = Error("MDSL0016", "A tensor has too many elements",
        "{0} would have {1} elements; at most {2} are possible{3}");

    public static readonly DiagnosticDescriptor ActivationOfLogits = Warning("MDSL0017", "An activation before a loss that works on logits",
        "{0} works on logits and applies the {1} itself, {2}; remove {3}");

    public static readonly DiagnosticDescriptor MissingFlatten = Warning("MDSL0018", "A dense layer works along the last axis alone",
        "{0} takes a target {1} for each sample, because {2} works along the last axis of {3} alone; for one row of values per sample put {4} before {2}");

    public static readonly DiagnosticDescriptor WindowTooLarge = Error("MDSL0019", "A window does not fit its input",
        "{0} slides a window of {1} over the output of {2}, {3}, where it does not fit: {4} (path: {5}){6}");

    public static readonly DiagnosticDescriptor MissingFlattenOfClasses = Error("MDSL0063", "A loss over classes takes a label for each row of a sample",
        "{0} takes {1} labels for each sample, because {2} works along the last axis of {3} alone; for one label per sample put {4} before {2}{5}");

    public static readonly DiagnosticDescriptor ChannelsFirst = Warning("MDSL0064", "An image may have its channels first",
        "Images have their channels last, so for {4} {0} is {1} rows of {2} pixels with {3} channels each; did you mean Input({5})?");

    public static readonly DiagnosticDescriptor UnknownName = Warning("MDSL0065", "A layer has another name here, or is not there yet",
        "There is no '{0}' here; {1}");

    public static readonly DiagnosticDescriptor OtherArguments = Warning("MDSL0066", "A layer takes other arguments here",
        "{0} takes {1} by position{2}{3}");

    // Order of layers
    public static readonly DiagnosticDescriptor MissingInput = Error("MDSL0020", "The model has no input",
        "'{0}' has no input; begin its layers with [Input(...)] or [TokenInput(...)]");

    public static readonly DiagnosticDescriptor InputNotFirst = Error("MDSL0021", "The input is not the first layer",
        "{0} must be the first layer of '{1}'; move it before {2}");

    public static readonly DiagnosticDescriptor SeveralInputs = Error("MDSL0022", "The model has more than one input",
        "'{0}' already has the input {1}; a list of layers has exactly one");

    public static readonly DiagnosticDescriptor MissingLoss = Error("MDSL0023", "The model has no loss",
        "'{0}' has no loss; end its layers with one, such as [SoftmaxCrossEntropy] for classes or [MeanSquaredError] for numbers, or write " +
        "[Model(PredictionOnly = true)] if it is not trained");

    public static readonly DiagnosticDescriptor LossNotLast = Error("MDSL0024", "The loss is not the last layer",
        "{0} must be the last layer of '{1}'; move it after {2}");

    public static readonly DiagnosticDescriptor SeveralLosses = Error("MDSL0025", "The model has more than one loss",
        "'{0}' already has the loss {1}; a list of layers has exactly one");

    public static readonly DiagnosticDescriptor NotInBlock = Error("MDSL0026", "A block has an input or a loss",
        "{0} belongs to a model, but '{1}' is a block: its input is whatever comes before where it is used, and it has no loss; " +
        "remove {0}");

    // Blocks
    public static readonly DiagnosticDescriptor NotABlock = Error("MDSL0030", "The type is not a block",
        "'{0}' is not a block; {1}");

    public static readonly DiagnosticDescriptor BlockCycle = Error("MDSL0031", "A block contains itself",
        "'{0}' contains itself ({1}), which never ends; remove one of these uses");

    public static readonly DiagnosticDescriptor BlockArguments = Error("MDSL0032", "The arguments do not match the block's parameters",
        "'{0}' takes {1}, but gets {2}; {3}");

    public static readonly DiagnosticDescriptor DuplicateName = Error("MDSL0033", "Two layers have the same name",
        "The name '{0}' is already used by {1}; names of layers within '{2}' must differ, since parameters are saved under them");

    public static readonly DiagnosticDescriptor InvalidName = Error("MDSL0034", "The name of a layer cannot be used",
        "'{0}' cannot be the name of a layer; {1}");

    // Functions
    public static readonly DiagnosticDescriptor FunctionNotFound = Error("MDSL0040", "The function is not found",
        "There is no method '{0}' in '{1}' or a class around it; {2}");

    public static readonly DiagnosticDescriptor FunctionSignature = Error("MDSL0041", "The function has the wrong signature",
        "'{0}' is '{1}', but {2} needs 'static float {0}({3})'{4}");

    public static readonly DiagnosticDescriptor UnsupportedExpression = Error("MDSL0042", "The expression cannot be compiled into a kernel",
        "{0} cannot be compiled into a kernel; {1}");

    public static readonly DiagnosticDescriptor NotDifferentiable = Error("MDSL0043", "The expression cannot be differentiated",
        "{0} cannot be differentiated; {1}");

    public static readonly DiagnosticDescriptor RecursiveFunction = Error("MDSL0044", "The function calls itself",
        "'{0}' calls itself ({1}); functions are inlined where they are called, which would never end");

    public static readonly DiagnosticDescriptor ZeroGradient = Warning("MDSL0045", "The derivative of the function is always zero",
        "The derivative of '{0}' with respect to '{1}' is 0 everywhere, so nothing before it can be trained");

    // Forward methods
    public static readonly DiagnosticDescriptor ForwardSignature = Error("MDSL0050", "The Forward method has the wrong signature",
        "'{0}' cannot be the Forward of a [{1}]; write 'private Tensor Forward(Tensor x)', with 'bool training' as a further parameter " +
        "where training differs");

    public static readonly DiagnosticDescriptor UnsupportedInForward = Error("MDSL0051", "The expression cannot be part of a network",
        "{0} cannot be part of a network; {1}");

    public static readonly DiagnosticDescriptor OperandShapes = Error("MDSL0052", "The shapes of an operator do not fit together",
        "The shapes for '{0}' do not fit together: {1} gives {2}, and {3} gives {4} (paths: {5}){6}");

    public static readonly DiagnosticDescriptor BothForms = Error("MDSL0053", "A class has both layers and a Forward method",
        "'{0}' has the layer {1} and a Forward method; use one or the other: move the layers into the method, or remove it");

    public static readonly DiagnosticDescriptor WeightUses = Error("MDSL0054", "Weights do not fit all their uses",
        "The weight '{0}' {1}; {2}");

    public static readonly DiagnosticDescriptor BuildTimeValue = Error("MDSL0055", "A value cannot be computed at build time",
        "This cannot be computed when the network is compiled: {0}");

    public static readonly DiagnosticDescriptor UndeclaredInput = Error("MDSL0056", "A parameter of Forward is no input",
        "Nothing says what the parameter '{0}' of Forward is; put [Input(...)] or [TokenInput(...)] on it");

    public static readonly DiagnosticDescriptor BlockInputs = Error("MDSL0057", "A block is given the wrong number of tensors",
        "The Forward of '{0}' takes {1}, but gets {2}; {3}");

    public static readonly DiagnosticDescriptor SeveralOutputs = Error("MDSL0058", "A loss on the class has several outputs",
        "{0} compares one output, but Forward gives {1}; write a method with [Loss] that names those it compares");

    // Losses of several tensors
    public static readonly DiagnosticDescriptor LossSignature = Error("MDSL0060", "The method cannot be a loss",
        "'{0}' cannot be a loss; {1}");

    public static readonly DiagnosticDescriptor LossParameter = Error("MDSL0061", "A parameter of a loss is not known",
        "The parameter '{0}' of '{1}' is neither an output of Forward ({2}) nor an input ({3}); name one of them, or declare it with " +
        "[Target(...)], [Label(...)] or [Input(...)]");

    public static readonly DiagnosticDescriptor LossTrains = Error("MDSL0062", "It is not clear what a loss trains",
        "{0}; {1}");

    // Members
    public static readonly DiagnosticDescriptor NameTaken = Error("MDSL0070", "The name of a generated member is taken",
        "A member called '{0}' is generated for '{2}', but {1}; give it another name");

    public static readonly DiagnosticDescriptor RequiredMember = Error("MDSL0071", "A model has a required member",
        "'{0}.{1}' is 'required', but a model can also be created by '{0}.FromFile', which sets no members; remove 'required', and give it a value of its own");

    // Settings of the project
    public static readonly DiagnosticDescriptor LanguageVersion = ErrorOfProject("MDSL0075", "The project is compiled as an older C#",
        "ModelDsl generates C# {0}, but this project is compiled as C# {1}; remove LangVersion from the project, or set it to {0} or higher");

    public static readonly DiagnosticDescriptor UnsafeBlocks = ErrorOfProject("MDSL0076", "The project does not allow unsafe code",
        "The kernels that ModelDsl generates use pointers, but this project does not allow unsafe code; remove AllowUnsafeBlocks from the project, or set " +
        "it to true");

    public static readonly DiagnosticDescriptor VectorWidth = ErrorOfProject("MDSL0077", "There are no vectors of this width",
        "'{0}' in ModelDslVectorWidths is not a width of vectors; list 512, 256 or both, separated by semicolons, or 128 for the portable kernels alone");

    // Outputs inside a network
    public static readonly DiagnosticDescriptor OutputPosition = Error("MDSL0080", "There is no layer whose output could be named",
        "{0} names the output of the layer before it, but {1}");

    public static readonly DiagnosticDescriptor OutputName = Error("MDSL0081", "The name of an output cannot be used",
        "'{0}' cannot be the name of an output: {1}");

    // Loops over time
    public static readonly DiagnosticDescriptor StateInLoop = Error("MDSL0090", "The step of a recurrence changes a state",
        "'{0}' is changed once in a training step, but stands in the step of a 'Scan', which runs for every position; normalise before or after the 'Scan', or use " +
        "LayerNorm");

    public static readonly DiagnosticDescriptor ChangedInStep = Error("MDSL0091", "The step of a recurrence changes what stands outside",
        "The step of a 'Scan' is compiled once for all positions, but it changes {0}; make it a part of the state that the step is given and gives back");

    // Generating tokens
    public static readonly DiagnosticDescriptor NotCausal = Error("MDSL0095", "A layer of a model that generates is not causal",
        "'{0}' {1}, but '{2}' has [Generates]: what it computes at a position may depend on the tokens up to that position only; {3}");

    public static readonly DiagnosticDescriptor GeneratingForm = Error("MDSL0096", "A model that generates has another input or output",
        "'{0}' has [Generates], so its last input is a TokenInput and it gives a logit for each token at each position, but {1}");

    // Buckets of lengths
    public static readonly DiagnosticDescriptor BucketShape = Error("MDSL0097", "A model with buckets does not fit one of them",
        "'{0}' does not fit its bucket of {1} positions: {2}");

    public static readonly DiagnosticDescriptor BucketPadding = Error("MDSL0098", "The result of a model with buckets depends on padding",
        "'{0}' {1}, so a sample would have another result in a shorter bucket; use what leaves padding out, such as attention, Lstm or GlobalAveragePool, or remove Buckets");

    // Recomputation and weights of losses
    public static readonly DiagnosticDescriptor RecomputeWithoutBlock = Warning("MDSL0099", "[Recompute] without a block",
        "'{0}' has [Recompute], but {1}, so nothing is computed again; put it on a class with [Block], or on a field that holds a block");

    public static readonly DiagnosticDescriptor ClassWeights = Error("MDSL0100", "There are not as many class weights as classes",
        "There are {0} class weights, but {1} gives {2}, so there are {3} classes; give one weight for each class");

    // Models for prediction only
    public static readonly DiagnosticDescriptor LossOfPredictionOnly = Error("MDSL0101", "A model for prediction only has a loss",
        "'{0}' is for prediction only, but has the loss {1}; remove the loss, or remove PredictionOnly to train the model");

    // Weights files
    public static readonly DiagnosticDescriptor WeightsUnchecked = Warning("MDSL0102", "The tensors of a weights file are not known",
        "The tensors of '{0}' are not checked, because {1}; {2}");

    public static readonly DiagnosticDescriptor WeightsMissing = Error("MDSL0103", "A weights file lacks weights",
        "'{0}' lacks weights of '{1}': {2}{3}");

    public static readonly DiagnosticDescriptor WeightsUnexpected = Error("MDSL0104", "A weights file has other tensors",
        "'{0}' has tensors that '{1}' does not have: {2}{3}");

    public static readonly DiagnosticDescriptor WeightsShape = Error("MDSL0105", "Weights have other shapes in their file",
        "'{0}' has weights of '{1}' in other shapes: {2}{3}");

    public static readonly DiagnosticDescriptor WeightsType = Error("MDSL0106", "Weights are no floats in their file",
        "'{0}' has weights of '{1}' that are no floats (F32, F64, F16 or BF16): {2}{3}");

    public static readonly DiagnosticDescriptor FormerName = Error("MDSL0107", "A former name cannot be used",
        "'{0}' cannot be a former name: {1}");

    // The compiler itself
    public static readonly DiagnosticDescriptor InternalError = Error("MDSL0900", "Internal compiler error",
        "Internal error of the ModelDsl compiler in '{0}': {1}. This is a bug in ModelDsl, not in your code; please report it with " +
        "the model.");

    public static IReadOnlyCollection<DiagnosticDescriptor> All => ById.Values;

    public static DiagnosticDescriptor Find(string id) => ById[id];

    /// <summary>Whether a model with this problem cannot be generated.</summary>
    public static bool StopsGeneration(string id) =>
        !ById.TryGetValue(id, out var descriptor) || descriptor.DefaultSeverity == DiagnosticSeverity.Error;

    /// <summary>Whether a model with this problem has no class for which another part can be generated.</summary>
    public static bool StopsCompletion(string id) =>
        string.CompareOrdinal(id, NotPartial.Id) >= 0 && string.CompareOrdinal(id, LayersWithoutModel.Id) < 0 && id != SeveralLayerLists.Id;

    private static DiagnosticDescriptor Error(string id, string title, string message) =>
        Create(id, title, message, DiagnosticSeverity.Error);

    private static DiagnosticDescriptor Warning(string id, string title, string message) =>
        Create(id, title, message, DiagnosticSeverity.Warning);

    /// <summary>A diagnostic that is reported after the whole project was analyzed.</summary>
    private static DiagnosticDescriptor ErrorOfProject(string id, string title, string message) =>
        Create(id, title, message, DiagnosticSeverity.Error, WellKnownDiagnosticTags.CompilationEnd);

    private static DiagnosticDescriptor Create(string id, string title, string message, DiagnosticSeverity severity, params string[] tags)
    {
        var page = $"{Pages}{id}.md";
        var descriptor = new DiagnosticDescriptor(id, title, message, "ModelDsl", severity, isEnabledByDefault: true, helpLinkUri: page, customTags: tags);
        ById.Add(id, descriptor);
        return descriptor;
    }
}
