using ModelDsl.Generator.Autodiff;
using ModelDsl.Generator.Buckets;
using ModelDsl.Generator.Common;
using ModelDsl.Generator.Decoding;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Emit.Model;
using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Recompute;
using ModelDsl.Generator.RegionAnalysis;
using ModelDsl.Generator.Simplify;
using ModelDsl.Generator.WeightFiles;

namespace ModelDsl.Generator;

/// <summary>The passes from a spec to generated text. Everything here is a pure function of the spec.</summary>
internal static class ModelCompiler
{
    /// <summary>Returns the source files of a model: its code, or members that throw if the model has errors.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="targets">The references and settings of the project; null for the settings of a new project.</param>
    /// <param name="cancellation">Checked within each pass; set when a newer edit replaces this one.</param>
    /// <exception cref="OperationCanceledException">The model has been edited in the meantime.</exception>
    public static GeneratedModel Compile(ModelSpec spec, Targets? targets = null, CancellationToken cancellation = default)
    {
        targets ??= Targets.Default;
        if (!spec.Type.IsKnown) return GeneratedModel.Nothing(spec.Type.Key);
        LoweredModel? lowered = null;
        var problems = Guarded(spec, () => IsUnclear(spec) ? spec.Problems : All(lowered = Lowering.Lower(spec, cancellation)));
        if (problems.Any(problem => Descriptors.StopsCompletion(problem.Id))) return GeneratedModel.Nothing(spec.Type.Key);
        return Guard.Try(
            () =>
            {
                var obstacles = problems.Concat(targets.Obstacles).ToArray();
                var files = StopsGeneration(obstacles) ? [Broken(spec, obstacles)]
                    : Emit(Plan(spec, lowered ?? Lowering.Lower(spec, cancellation), targets.Chosen, cancellation) with { DescribesGraph = targets.DescribesGraphs }, targets.Options, cancellation);
                return new GeneratedModel(spec.Type.Key, files.ToEquatableArray());
            },
            exception => Crashed(spec, exception))!;
    }

    /// <summary>Returns the files of a model for which the compiler has failed.</summary>
    public static GeneratedModel Crashed(ModelSpec spec, Exception exception)
    {
        if (!spec.Type.IsKnown) return GeneratedModel.Nothing(spec.Type.Key);

        // As much of the model as possible is written, so that code that uses it compiles.
        var bare = new ModelSpec(spec.Type, EquatableArray<LayerSpec>.Empty, EquatableArray<BlockSpec>.Empty, EquatableArray<Problem>.Empty);
        var file = Guard.Try(() => Broken(spec, [Crash(spec.Type, exception)]), _ => Broken(bare, [Crash(spec.Type, exception)]));
        return file is null ? GeneratedModel.Nothing(spec.Type.Key) : new GeneratedModel(spec.Type.Key, EquatableArray.Of(file));
    }

    /// <summary>Runs the passes up to the plans.</summary>
    internal static CompiledModel Plan(ModelSpec spec) => Plan(spec, Lowering.Lower(spec), Targets.Default.Chosen);

    private static CompiledModel Plan(ModelSpec spec, LoweredModel lowered, IReadOnlyList<Target> targets, CancellationToken cancellation = default)
    {
        ModelGraph Train(ModelGraph graph) => KeptDerivatives.Run(spec.KeepsOutputs ? graph : LongOutputs.Drop(graph));
        IReadOnlyList<PreparedGraph> Training(IReadOnlyList<LossGraph> losses) => [.. losses.Select(loss => PreparedGraph.Of(Train(Differentiate(lowered, loss, cancellation)), PlanParts.OfTraining))];
        IReadOnlyList<PreparedGraph> WithoutRecomputation() =>
            [.. lowered.Losses.Select(loss => PreparedGraph.Of(Train(RecomputedBlock.WithoutMarks(DifferentiateMarked(lowered, loss, cancellation))), PlanParts.OfTraining))];
        PreparedGraph Inference(ModelGraph graph) => PreparedGraph.Of(
            Simplifier.AfterGradients(Simplifier.BeforeGradients(RegionPass.Run(graph), cancellation), cancellation), PlanParts.OfInference);
        var training = Training(lowered.Losses);
        var inference = Inference(lowered.Infer!);
        BucketGraphs[] buckets = [.. lowered.Buckets.Select(bucket => new BucketGraphs(bucket.Length, Training(bucket.Losses), Inference(bucket.Infer)))];
        var decoding = spec.Generates ? DecodingGraphs.Of(inference, lowered.Inputs.Count - 1) : null;
        var parameters = ParameterPlan.Create(
            InParts(lowered),
            [
                .. training.Append(inference).Concat(decoding?.All ?? []).Concat(buckets.SelectMany(bucket => bucket.Training.Append(bucket.Infer))).Select(graph => graph.Graph),
            ]);
        return new CompiledModel(spec, lowered, parameters, training, inference, targets)
        {
            Decoding = decoding,
            Buckets = buckets,
            WithoutRecomputation = training.Any(graph => graph.Graph.Nodes.Any(node => node is AfterNode)) ? new(WithoutRecomputation) : null,
        };
    }

    /// <summary>Returns the first loss's training graph with the gradients of the parameters that it trains.</summary>
    internal static ModelGraph Differentiate(LoweredModel lowered) => Differentiate(lowered, lowered.Losses[0]);

    /// <summary>Returns a loss's training graph with the gradients of the parameters that it trains.</summary>
    internal static ModelGraph Differentiate(LoweredModel lowered, LossGraph loss, CancellationToken cancellation = default) =>
        BlockRecomputation.Run(DifferentiateMarked(lowered, loss, cancellation));

    /// <summary>The same with marks of the blocks that the backward pass computes again.</summary>
    private static ModelGraph DifferentiateMarked(LoweredModel lowered, LossGraph loss, CancellationToken cancellation)
    {
        var forward = Simplifier.BeforeGradients(RegionPass.Run(loss.Graph), cancellation);
        return Simplifier.AfterGradients(Differentiation.Differentiate(forward, lowered.TrainedBy(loss)), cancellation);
    }

    /// <summary>Returns the parameters ordered by the part that a loss trains, so that each part is a contiguous range of the buffers.</summary>
    private static IEnumerable<Graph.ParameterNode> InParts(LoweredModel lowered) => lowered.Parameters.OrderBy(parameter =>
    {
        var part = lowered.Losses.ToList().FindIndex(loss => loss.Part.Length > 0 && parameter.Name.StartsWith(loss.Part + ".", StringComparison.Ordinal));
        return part < 0 ? int.MaxValue : part;
    });

    private static List<GeneratedFile> Emit(CompiledModel model, CodeOptions options, CancellationToken cancellation)
    {
        var files = new List<GeneratedFile> { new("", MembersWriter.Write(model, cancellation)) };
        if (model.DescribesGraph) files.Add(new(GraphWriter.Suffix, GraphWriter.Write(model)));
        foreach (var targets in model.Targets.GroupBy(target => target.ProgramType))
        {
            files.AddRange(targets.First().Write(model, [.. targets.Select(target => model.PlansFor(target, cancellation))], options, cancellation));
        }

        return files;
    }

    private static GeneratedFile Broken(ModelSpec spec, IReadOnlyList<Problem> problems)
    {
        var first = problems.First(problem => Descriptors.StopsGeneration(problem.Id));
        var message = first.Id == Problem.ReportedByCompiler
            ? "it does not compile."
            : string.Format(
                System.Globalization.CultureInfo.InvariantCulture,
                $"{first.Id}: {Descriptors.Find(first.Id).MessageFormat.ToString(System.Globalization.CultureInfo.InvariantCulture)}",
                [.. first.Arguments]);
        var crash = first.Id == Descriptors.InternalError.Id ? first.Arguments[1] : null;
        return new("", BrokenModelWriter.Write(spec, message, crash, hasRecords: problems.All(problem => problem.Id != Descriptors.LanguageVersion.Id)));
    }

    /// <summary>Returns all errors of a model, with one error for each root cause.</summary>
    public static IReadOnlyList<Problem> Check(ModelSpec spec, CancellationToken cancellation = default) =>
        Guarded(spec, () => IsUnclear(spec) ? spec.Problems : All(Lowering.Lower(spec, cancellation)));

    /// <summary>The same with the differences between the model and its weights file.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="findList">Returns the text that lists the tensors of a weights file, by the name of the text; null if the project has none.</param>
    /// <param name="cancellation">Checked after each layer.</param>
    public static IReadOnlyList<Problem> Check(ModelSpec spec, Func<string, string?> findList, CancellationToken cancellation) => Guarded(spec, () =>
    {
        if (IsUnclear(spec)) return spec.Problems;
        var lowered = Lowering.Lower(spec, cancellation);
        return lowered.Infer is null ? All(lowered) : [.. All(lowered), .. WeightFileCheck.Of(spec, lowered, findList)];
    });

    private static IReadOnlyList<Problem> All(LoweredModel lowered) => [.. lowered.Problems, .. lowered.Doubts];

    /// <summary>Returns the errors of a block that do not depend on its use; errors of shapes are found where the block is used.</summary>
    public static IReadOnlyList<Problem> CheckBlock(ModelSpec spec) =>
        Guarded(spec, () => IsUnclear(spec) ? spec.Problems : [.. spec.Problems, .. spec.Blocks.SelectMany(ListRules.CheckBlock)]);

    /// <summary>Whether the layers or their order are unknown, so that further errors would be consequences of that.</summary>
    private static bool IsUnclear(ModelSpec spec) => spec.Problems.Any(problem => RootCauses.IsUnclear(problem.Id));

    internal static IReadOnlyList<Problem> Guarded(ModelSpec spec, Func<IReadOnlyList<Problem>> check)
    {
        try
        {
            return RootCauses.Of(check());
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return StopsGeneration(spec.Problems) ? spec.Problems : [Crash(spec.Type, exception)];
        }
    }

    /// <summary>Whether a model with these problems cannot be generated.</summary>
    public static bool StopsGeneration(IEnumerable<Problem> problems) => problems.Any(problem => Descriptors.StopsGeneration(problem.Id));

    /// <summary>Returns a crash of the compiler as one problem of the model that caused it.</summary>
    public static Problem Crash(TypeSpec type, Exception exception)
    {
        var reason = $"{exception.GetType().Name}: {exception.Message.TrimEnd('.')}";
        return Problem.At(Descriptors.InternalError.Id, Site.OfType(type.Key), type.Name, reason);
    }
}
