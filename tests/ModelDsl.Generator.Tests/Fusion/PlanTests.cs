using ModelDsl.Generator.Tests.Corpus;

namespace ModelDsl.Generator.Tests.Fusion;

public class PlanTests
{
    [Fact]
    public void Every_model_is_without_mistakes_and_has_plans() => ModelCorpus.Check(ModelCorpus.Tried, model =>
    {
        Assert.False(ModelCompiler.StopsGeneration(ModelCompiler.Check(model.Spec)));
        Assert.Equal(model.Lowered.Losses.Count, model.Plan.Training.Count);
        Assert.NotEmpty(model.Plan.Infer.Parts);
    });
}
