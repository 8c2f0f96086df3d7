namespace ModelDsl.Devices.Cpu;

/// <summary>A number of states as a type: the JIT compiles a loop for each.</summary>
internal interface IStates
{
    /// <summary>The number.</summary>
    static abstract int Count { get; }
}

/// <summary>None.</summary>
internal readonly struct NoStates : IStates
{
    /// <inheritdoc/>
    public static int Count => 0;
}

/// <summary>One.</summary>
internal readonly struct OneState : IStates
{
    /// <inheritdoc/>
    public static int Count => 1;
}

/// <summary>Two.</summary>
internal readonly struct TwoStates : IStates
{
    /// <inheritdoc/>
    public static int Count => 2;
}

/// <summary>Three.</summary>
internal readonly struct ThreeStates : IStates
{
    /// <inheritdoc/>
    public static int Count => 3;
}
