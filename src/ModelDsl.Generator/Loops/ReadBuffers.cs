namespace ModelDsl.Generator.Loops;

/// <summary>Finds the buffers that a program reads. Called functions are not searched.</summary>
internal sealed class ReadBuffers : LoopWalker
{
    private readonly HashSet<Buffer> buffers = [];
    private readonly Dictionary<Buffer, Buffer> views = [];

    /// <summary>The buffers that the statements read, also through a view.</summary>
    public static ISet<Buffer> Of(IReadOnlyList<Statement> body)
    {
        var reads = new ReadBuffers();
        reads.Walk(body);
        return reads.buffers;
    }

    public override Nothing Visit(DeclareView statement)
    {
        views.Add(statement.View, statement.Buffer);
        return base.Visit(statement);
    }

    public override Nothing Visit(LoadIndex statement) => Read(statement.Buffer, base.Visit(statement));

    public override Nothing Visit(LoadQuad statement) => Read(statement.Buffer, base.Visit(statement));

    public override Nothing Visit(LoadLanes value) => Read(value.Buffer, base.Visit(value));

    public override Nothing Visit(LoadScalar value) => Read(value.Buffer, base.Visit(value));

    private Nothing Read(Buffer buffer, Nothing nothing)
    {
        buffers.Add(views.TryGetValue(buffer, out var viewed) ? viewed : buffer);
        return nothing;
    }
}
