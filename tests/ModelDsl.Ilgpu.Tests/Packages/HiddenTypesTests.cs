using System.ComponentModel;
using System.Reflection;

namespace ModelDsl.Ilgpu.Tests.Packages;

/// <summary>What generated code alone uses is public, and editors do not offer it.</summary>
public class HiddenTypesTests
{
    public static TheoryData<string> Types =>
        [.. typeof(IlgpuDevice).Assembly.GetExportedTypes().Where(type => type.Namespace == "ModelDsl.Ilgpu.Compiled" && !type.IsNested).Select(type => type.FullName!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Types))]
    public void A_type_for_generated_code_is_hidden_in_editors(string name) => Assert.Equal(
        EditorBrowsableState.Never, typeof(IlgpuDevice).Assembly.GetType(name)!.GetCustomAttribute<EditorBrowsableAttribute>(inherit: false)?.State);
}
