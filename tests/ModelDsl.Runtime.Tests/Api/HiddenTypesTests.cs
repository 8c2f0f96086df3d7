using System.ComponentModel;
using System.Reflection;

namespace ModelDsl.Runtime.Tests.Api;

/// <summary>What generated code alone uses is public, and editors do not offer it.</summary>
public class HiddenTypesTests
{
    public static TheoryData<string> Types =>
        [.. typeof(Model).Assembly.GetExportedTypes().Where(type => type.Namespace == "ModelDsl.Compiled" && !type.IsNested).Select(type => type.FullName!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Types))]
    public void A_type_for_generated_code_is_hidden_in_editors(string name) => Assert.Equal(
        EditorBrowsableState.Never, typeof(Model).Assembly.GetType(name)!.GetCustomAttribute<EditorBrowsableAttribute>(inherit: false)?.State);

    [Fact]
    public void Types_for_users_are_not_hidden() => Assert.All(
        typeof(Model).Assembly.GetExportedTypes().Where(type => type.Namespace == "ModelDsl"), type => Assert.Null(type.GetCustomAttribute<EditorBrowsableAttribute>(inherit: false)));
}
