using ModelDsl.Generator.Tests.Corpus;

namespace ModelDsl.Generator.Tests.Fusion;

public class PlanTests
{
    [Fact]
    public void Every_model_has_plans() => ModelCorpus.Check(ModelCorpus.Tried, model =>
    {
        Assert.Equal(model.Lowered.Losses.Count, model.Plan.Training.Count);
        Assert.NotEmpty(model.Plan.Infer.Parts);
    });
}
