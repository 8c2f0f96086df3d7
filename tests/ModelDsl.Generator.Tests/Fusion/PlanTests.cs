using ModelDsl.Generator.Tests.Oracles;

namespace ModelDsl.Generator.Tests.Fusion;

public class PlanTests
{
    [Fact]
    public void Every_random_model_has_a_plan()
    {
        var failures = new List<string>();
        for (var seed = 0; seed < 600; seed++)
        {
            var model = RandomModels.Valid(seed);
            try
            {
                ModelCompiler.Plan(model.Build());
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                failures.Add($"{seed}: {exception.Message}\n{model.Source}");
            }
        }

        Assert.Empty(failures);
    }
}
