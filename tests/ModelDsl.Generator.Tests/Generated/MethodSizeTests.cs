namespace ModelDsl.Generator.Tests.Generated;

/// <summary>Generated methods are small; those of random models are held to it where they are run.</summary>
public class MethodSizeTests
{
    [Theory]
    [MemberData(nameof(ModelTests.Groups), MemberType = typeof(ModelTests))]
    public void Declared_models_have_small_methods(string group) => MethodSizes.Check(DeclaredModels.Library(group).Image);
}
