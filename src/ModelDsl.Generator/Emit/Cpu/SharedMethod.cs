namespace ModelDsl.Generator.Emit.Cpu;

/// <summary>A method that several kernels call.</summary>
/// <param name="Name">The name.</param>
/// <param name="Remark">What it computes.</param>
/// <param name="Method">The method.</param>
internal sealed record SharedMethod(string Name, string Remark, CodeWriter Method)
{
    private readonly List<string> kernels = [];

    /// <summary>Records that a kernel calls the method, and returns its name.</summary>
    public string For(string kernel)
    {
        if (!kernels.Contains(kernel)) kernels.Add(kernel);
        return Name;
    }

    /// <summary>Writes the method.</summary>
    public void Write(CodeWriter target)
    {
        target.Line();
        target.Summary([Remark]);
        target.Line($"/// <remarks>For {Comments.Xml(string.Join(", ", kernels))}.</remarks>");
        target.Block(Method);
    }
}
