using ModelDsl.Compiled;

namespace ModelDsl.Runtime.Tests.Data.Images;

/// <summary>Data whose batches are filled on a number of threads.</summary>
internal sealed class ManyThreads(Dataset inner, int threads, Action<int>? before = null) : Dataset
{
    private readonly HashSet<int> fillers = [];

    public override int Count => inner.Count;

    public override IReadOnlyList<ColumnDescription> Columns => inner.Columns;

    /// <summary>The threads that filled batches.</summary>
    public IReadOnlySet<int> Fillers => fillers;

    internal override int FillThreads => threads;

    protected override void FillRows(ReadOnlySpan<int> indices, Batch batch)
    {
        lock (fillers)
            fillers.Add(Environment.CurrentManagedThreadId);
        foreach (var index in indices)
            before?.Invoke(index);
        FillRows(inner, indices, batch);
    }
}
