namespace ModelDsl.Generator.Loops;

/// <summary>A buffer a kernel works on, as its parameter.</summary>
internal sealed record BufferParameter(Buffer Buffer, bool Written);

/// <summary>A body of its own within a kernel: one micro-kernel, because a target's compiler optimises small methods best.</summary>
internal sealed record Function(
    string Name, string Remark, IReadOnlyList<BufferParameter> Buffers, IReadOnlyList<IndexVariable> Integers, IReadOnlyList<Statement> Body)
{
    /// <summary>Numbers it is given beside its buffers and integers.</summary>
    public IReadOnlyList<Variable> Numbers { get; init; } = [];

    /// <summary>Of a function on the lanes of one vector: how far each buffer moves from lane to lane.</summary>
    public IReadOnlyList<int> LaneStrides { get; init; } = [];

    /// <summary>The function over sizes that this is an instance of; null where it is nothing but itself.</summary>
    public FunctionTemplate? Template { get; init; }

    /// <summary>Whether the function, or one it calls, draws random numbers and so needs the seed and the step.</summary>
    public bool IsRandom { get; } = RandomDraws.In(Body, withCalls: true);
}

/// <summary>How the work of a kernel is split over workers.</summary>
internal abstract record Partition
{
    /// <summary>The bounds of a worker's share, which the kernel receives behind the batch size.</summary>
    public abstract IReadOnlyList<IndexVariable> Bounds { get; }
}

/// <summary>Consecutive shares of <paramref name="Count"/> tasks; the kernel receives <see cref="From"/> and <see cref="To"/>.</summary>
/// <param name="Count">How many tasks there are.</param>
/// <param name="Alignment">Shares begin at multiples of this.</param>
internal sealed record Range(Index Count, int Alignment = 1) : Partition
{
    /// <summary>The first task of the share.</summary>
    public static IndexVariable From { get; } = new("from");

    /// <summary>The task behind its last.</summary>
    public static IndexVariable To { get; } = new("to");

    public override IReadOnlyList<IndexVariable> Bounds => [From, To];
}

/// <summary>A grid of rows and panels; the kernel receives the bounds of both.</summary>
internal sealed record Grid(Index Rows, int RowAlignment, Index Panels) : Partition
{
    /// <summary>The first row of the share.</summary>
    public static IndexVariable RowFrom { get; } = new("rowFrom");

    /// <summary>The row behind its last.</summary>
    public static IndexVariable RowTo { get; } = new("rowTo");

    /// <summary>The first panel of the share.</summary>
    public static IndexVariable PanelFrom { get; } = new("panelFrom");

    /// <summary>The panel behind its last.</summary>
    public static IndexVariable PanelTo { get; } = new("panelTo");

    public override IReadOnlyList<IndexVariable> Bounds => [RowFrom, RowTo, PanelFrom, PanelTo];
}

/// <summary>A kernel: reads and writes buffers, one share of a partition at a time. Every element is written by exactly one task.</summary>
/// <param name="Name">The method's name.</param>
/// <param name="Formula">What it computes, a line each, in the terms of the model.</param>
/// <param name="Main">Its body; buffers are the arguments every launch binds.</param>
/// <param name="Tiles">The micro-kernels it calls.</param>
/// <param name="Partition">How its work is split.</param>
internal sealed record Kernel(string Name, IReadOnlyList<string> Formula, Function Main, IReadOnlyList<Function> Tiles, Partition Partition)
{
    /// <summary>
    /// Of a kernel that was scheduled for another group, which is equal but for names, how to make it in the names of its own group; null for all others.
    /// </summary>
    public Func<Kernel>? Named { get; init; }

    /// <summary>The kernel with the formula and the symbols of its own group, as it is written.</summary>
    public Kernel InOwnNames() => Named?.Invoke() ?? this;
}

/// <summary>A kernel with the buffers it is run on.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="Buffers">One buffer per parameter of it.</param>
/// <param name="Streams">The streams of random numbers it draws from, which are its last integers.</param>
internal sealed record Launch(Kernel Kernel, IReadOnlyList<Memory.Storage> Buffers, IReadOnlyList<int> Streams)
{
    /// <summary>When it runs, where another launch does the same in other cases.</summary>
    public LaunchCase When { get; init; } = new();
}

/// <summary>A case in which a launch runs.</summary>
/// <param name="TensorCores">Whether the device must have tensor cores, or must not; null for all devices.</param>
/// <param name="From">The smallest batch.</param>
/// <param name="Below">The smallest batch that is too large; null where none is.</param>
internal sealed record LaunchCase(bool? TensorCores = null, int From = 1, int? Below = null);

/// <summary>Launches that do not depend on one another; a barrier separates phases.</summary>
internal sealed record Phase(IReadOnlyList<Launch> Launches);
