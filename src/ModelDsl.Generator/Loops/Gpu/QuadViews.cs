using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Gpu;

/// <summary>The views of a kernel's buffers as quads.</summary>
/// <param name="kernel">The kernel.</param>
/// <param name="statements">The list to which declarations are added.</param>
internal sealed class QuadViews(KernelBuilder kernel, List<Statement> statements)
{
    private readonly Dictionary<Buffer, Buffer> views = [];

    /// <summary>The view through which the kernel reads a storage.</summary>
    public Buffer Read(Storage storage) => Of(kernel.Read(storage));

    /// <summary>The view through which the kernel writes a storage.</summary>
    public Buffer Written(Storage storage) => Of(kernel.Write(storage));

    private Buffer Of(Buffer buffer)
    {
        if (views.TryGetValue(buffer, out var known)) return known;
        var view = new Buffer(kernel.Names.Unique(buffer.Name + "Quads"), BufferElement.Quad);
        statements.Add(new DeclareView(view, buffer));
        return views[buffer] = view;
    }
}
