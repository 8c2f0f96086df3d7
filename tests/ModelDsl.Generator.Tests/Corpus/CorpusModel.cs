using System.Collections.Concurrent;
using ModelDsl.Generator.Emit.Model;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Tests.Corpus;

/// <summary>Where a model of the corpus comes from, and how it is written.</summary>
internal enum ModelForm
{
    /// <summary>One of those that are written down for what they have in them.</summary>
    Declared,

    /// <summary>A list of layers.</summary>
    List,

    /// <summary>A list of layers of images and sequences.</summary>
    Images,

    /// <summary>A Forward method.</summary>
    Forward,

    /// <summary>A list of layers with recurrences.</summary>
    Recurrent,

    /// <summary>A Forward method with recurrences of its own.</summary>
    Scan,
}

/// <summary>A model and what the passes make of it, each computed once, by the first test that asks.</summary>
/// <param name="form">Its form.</param>
/// <param name="seed">The seed it was drawn with, or its number among the declared ones.</param>
/// <param name="key">The name of its class.</param>
/// <param name="source">Its C#.</param>
/// <param name="read">Gives its spec.</param>
internal sealed class CorpusModel(ModelForm form, int seed, string key, string source, Func<ModelSpec> read)
{
    private readonly Lazy<ModelSpec> spec = new(read);
    private readonly ConcurrentDictionary<Target, TargetPlans> schedules = [];
    private LoweredModel? lowered;
    private CompiledModel? plan;

    public ModelForm Form => form;

    public int Seed => seed;

    public string Key => key;

    /// <summary>Chooses what a developer's run tries with this model; models of neighbouring numbers try other things.</summary>
    public int Number => seed + (int)form;

    public string Source => source;

    public ModelSpec Spec => spec.Value;

    // Two tests may compute the same at the same time, and then one of the equal results stays. That is better than one test waiting for the other's failure.
    public LoweredModel Lowered => lowered ??= Lowering.Lower(Spec);

    /// <summary>Its graphs as targets compile them.</summary>
    public CompiledModel Plan => plan ??= ModelCompiler.Plan(Spec);

    /// <summary>Its plans for a target.</summary>
    public TargetPlans Schedule(Target target) => schedules.GetOrAdd(target, one => Plan.PlansFor(one));

    /// <summary>A batch size it can be trained with.</summary>
    /// <param name="n">The size that is wanted.</param>
    public int Batch(int n) => Lowered.NeedsTwoSamples is null ? n : Math.Max(n, 2);

    public override string ToString() => key;
}
