namespace ModelDsl.Generator.Loops;

/// <summary>Counts the shared memory that a kernel allocates. Functions are inlined, so that each call allocates the memory of its function.</summary>
internal sealed class SharedBytes : LoopWalker
{
    private int bytes;

    /// <summary>The shared memory of a kernel in bytes.</summary>
    public static int Of(Kernel kernel)
    {
        var count = new SharedBytes();
        count.Walk(kernel.Main.Body);
        return count.bytes;
    }

    public override Nothing Visit(SharedMemory statement)
    {
        bytes = checked(bytes + (statement.Length * (statement.Buffer.Element == BufferElement.Quad ? 4 : 1) * sizeof(float)));
        return default;
    }

    public override Nothing Visit(Call statement)
    {
        Walk(statement.Function.Body);
        return default;
    }

    // Values and indices allocate nothing.
    public override void Walk(Value value)
    {
    }

    public override void Walk(Index index)
    {
    }
}
