namespace ModelDsl.Devices.Cpu;

/// <summary>The number of states as a type, so that the JIT compiles a separate loop for each.</summary>
internal interface IStates
{
    /// <summary>The number of states.</summary>
    static abstract int Count { get; }
}

/// <summary>No state.</summary>
internal readonly struct NoStates : IStates
{
    /// <inheritdoc/>
    public static int Count => 0;
}

/// <summary>One state.</summary>
internal readonly struct OneState : IStates
{
    /// <inheritdoc/>
    public static int Count => 1;
}

/// <summary>Two states.</summary>
internal readonly struct TwoStates : IStates
{
    /// <inheritdoc/>
    public static int Count => 2;
}

/// <summary>Three states.</summary>
internal readonly struct ThreeStates : IStates
{
    /// <inheritdoc/>
    public static int Count => 3;
}
