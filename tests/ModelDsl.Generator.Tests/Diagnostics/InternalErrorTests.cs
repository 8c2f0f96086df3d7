using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Diagnostics;

public class InternalErrorTests
{
    [Fact]
    public void A_crash_becomes_one_problem_at_the_class_name()
    {
        var compilation = TestCompilation.Create("namespace A; [Model, Input(4), Dense(2), MeanSquaredError] partial class Net;");
        var spec = ModelParser.ReadModel(compilation.GetTypeByMetadataName("A.Net")!, compilation, default);
        var problem = Assert.Single(ModelCompiler.Guarded(spec, () => throw new InvalidOperationException("No.")));
        Assert.Equal(Descriptors.InternalError.Id, problem.Id);
        Assert.Equal(Site.OfType("A.Net"), problem.Site);
        Assert.Equal(["Net", "InvalidOperationException: No"], problem.Arguments);
    }

    [Fact]
    public void Cancellation_is_not_a_crash()
    {
        var compilation = TestCompilation.Create("[Model] partial class Net;");
        var spec = ModelParser.ReadModel(compilation.GetTypeByMetadataName("Net")!, compilation, default);
        Assert.Throws<OperationCanceledException>(() => ModelCompiler.Guarded(spec, () => throw new OperationCanceledException()));
    }
}
