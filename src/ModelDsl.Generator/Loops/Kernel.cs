namespace ModelDsl.Generator.Loops;

/// <summary>A parameter of a kernel: a buffer that it reads or writes.</summary>
internal sealed record BufferParameter(Buffer Buffer, bool Written);

/// <summary>A function in a kernel, such as a micro-kernel. It is a separate method because compilers of targets optimize small methods best.</summary>
internal sealed record Function(
    string Name, string Remark, IReadOnlyList<BufferParameter> Buffers, IReadOnlyList<IndexVariable> Integers, IReadOnlyList<Statement> Body)
{
    /// <summary>The numbers that it receives in addition to buffers and integers.</summary>
    public IReadOnlyList<Variable> Numbers { get; init; } = [];

    /// <summary>Whether it is a function of an epilogue.</summary>
    public bool IsOfEpilogue { get; init; }

    /// <summary>The template that this function is an instance of; null if there is none.</summary>
    public FunctionTemplate? Template { get; init; }

    /// <summary>Whether the function, or one that it calls, draws random numbers and therefore needs the seed and the step.</summary>
    public bool IsRandom { get; } = RandomDraws.In(Body, withCalls: true);
}

/// <summary>How the work of a kernel is split over workers.</summary>
internal abstract record Partition
{
    /// <summary>The bounds of a worker's share. The kernel receives them after the batch size.</summary>
    public abstract IReadOnlyList<IndexVariable> Bounds { get; }
}

/// <summary>Consecutive shares of <paramref name="Count"/> tasks; the kernel receives <see cref="From"/> and <see cref="To"/>.</summary>
/// <param name="Count">The number of tasks.</param>
/// <param name="Alignment">The start of each share is a multiple of this number.</param>
internal sealed record Range(Index Count, int Alignment = 1) : Partition
{
    /// <summary>The first task of the share.</summary>
    public static IndexVariable From { get; } = new("from");

    /// <summary>The end of the share, exclusive.</summary>
    public static IndexVariable To { get; } = new("to");

    public override IReadOnlyList<IndexVariable> Bounds => [From, To];
}

/// <summary>A grid of rows and panels; the kernel receives the bounds of both.</summary>
/// <param name="Rows">The number of rows.</param>
/// <param name="RowAlignment">The start of each share of the rows is a multiple of this number.</param>
/// <param name="Panels">The number of panels.</param>
/// <param name="PanelRows">The number of rows that have together as many elements as a panel; null if each worker should have as few panels as possible.</param>
internal sealed record Grid(Index Rows, int RowAlignment, Index Panels, int? PanelRows = null) : Partition
{
    /// <summary>The first row of the share.</summary>
    public static IndexVariable RowFrom { get; } = new("rowFrom");

    /// <summary>The end of the rows of the share, exclusive.</summary>
    public static IndexVariable RowTo { get; } = new("rowTo");

    /// <summary>The first panel of the share.</summary>
    public static IndexVariable PanelFrom { get; } = new("panelFrom");

    /// <summary>The end of the panels of the share, exclusive.</summary>
    public static IndexVariable PanelTo { get; } = new("panelTo");

    public override IReadOnlyList<IndexVariable> Bounds => [RowFrom, RowTo, PanelFrom, PanelTo];
}

/// <summary>A kernel: it reads and writes buffers, one share of a partition at a time. Every element is written by exactly one task.</summary>
/// <param name="Name">The method's name.</param>
/// <param name="Formula">What it computes, one line for each step, in the terms of the model.</param>
/// <param name="Main">Its body. Every launch binds arguments to its buffers.</param>
/// <param name="Tiles">The micro-kernels it calls.</param>
/// <param name="Partition">The division of its work.</param>
internal sealed record Kernel(string Name, IReadOnlyList<string> Formula, Function Main, IReadOnlyList<Function> Tiles, Partition Partition)
{
    /// <summary>For a kernel that was scheduled for another group that differs only in names: makes the kernel with the names of its own group. Null for all other kernels.</summary>
    public Func<Kernel>? Named { get; init; }

    /// <summary>
    /// The numbers of the parameters of a result and of an operand that may be the same buffer: the task that writes an element of the result reads the same element of the operand before,
    /// and no other. Null if there are none.
    /// </summary>
    public (int Result, int Operand)? InPlace { get; init; }

    /// <summary>The kernel with the formula and the symbols of its own group, as it is written to the generated text.</summary>
    public Kernel InOwnNames() => Named?.Invoke() ?? this;
}

/// <summary>A kernel with the buffers that it is called with.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="Buffers">One buffer for each of its parameters.</param>
/// <param name="Streams">The streams of random numbers that it draws from. They are its last integers.</param>
internal sealed record Launch(Kernel Kernel, IReadOnlyList<Memory.Storage> Buffers, IReadOnlyList<int> Streams)
{
    /// <summary>Its buffers, and for each whether the kernel writes it.</summary>
    public IEnumerable<(Memory.Storage Storage, bool IsWritten)> Uses => Buffers.Zip(Kernel.Main.Buffers, (storage, parameter) => (storage, parameter.Written));

    /// <summary>The buffers that the kernel writes.</summary>
    public IEnumerable<Memory.Storage> Written => Uses.Where(use => use.IsWritten).Select(use => use.Storage);

    /// <summary>The group that it computes, perhaps with other launches; null for a launch within another kernel.</summary>
    public Fusion.Group? Group { get; init; }

    /// <summary>The cases in which it runs, if another launch computes the same in the other cases.</summary>
    public LaunchCase When { get; init; } = new();

    /// <summary>The loop over blocks of rows that it runs in; null for none.</summary>
    public RowLoop? Loop { get; init; }

    /// <summary>The operations of its group for each sample that it leaves out, because a condition excludes the elements.</summary>
    public long LeftOutFlops { get; init; }

    /// <summary>Whether it fills a part of a buffer with literals, and other launches write the other parts.</summary>
    public bool FillsPart { get; init; }

    /// <summary>Whether it only copies a buffer into another layout.</summary>
    public bool IsCopy { get; init; }

    /// <summary>The buffers that must have been written before it runs, although it does not read them.</summary>
    public IReadOnlyList<Memory.Storage> After { get; init; } = [];

    /// <summary>In a loop: for each buffer the number of elements by which it begins later for the next row; 0 for a buffer that all blocks share.</summary>
    public IReadOnlyList<int> RowStrides { get; init; } = [];
}

/// <summary>
/// A loop over blocks of rows around phases. The kernels in it receive the number of rows of a block instead of the batch size.
/// </summary>
/// <param name="rows">The number of rows.</param>
/// <param name="blockRows">The number of rows of a block. The last block may have fewer.</param>
internal sealed class RowLoop(Index rows, int blockRows)
{
    /// <summary>The first row of a block.</summary>
    public static IndexVariable Row { get; } = new("row");

    /// <summary>The number of rows of a block.</summary>
    public static IndexVariable BlockSize { get; } = new("rows");

    /// <summary>The number of rows.</summary>
    public Index Rows { get; } = rows;

    /// <summary>The number of rows of a block. The last block may have fewer.</summary>
    public int BlockRows { get; } = blockRows;
}

/// <summary>A case in which a launch runs.</summary>
/// <param name="TensorCores">Whether the device must have tensor cores, or must not; null for all devices.</param>
/// <param name="From">The smallest batch size.</param>
/// <param name="Below">The exclusive upper bound of the batch size; null if there is none.</param>
/// <param name="JoinsKernels">Whether the device must run joint kernels whose parts have barriers, or must not; null for all devices.</param>
internal sealed record LaunchCase(bool? TensorCores = null, int From = 1, int? Below = null, bool? JoinsKernels = null);

/// <summary>Launches that need no barrier between them, in the order in which each worker runs them. A barrier separates phases.</summary>
/// <param name="Launches">The launches.</param>
/// <param name="Loop">The loop over blocks of rows that the phase belongs to; null for none. The phases of a loop are consecutive.</param>
internal sealed record Phase(IReadOnlyList<Launch> Launches, RowLoop? Loop = null);
