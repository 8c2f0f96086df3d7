namespace ModelDsl.Benchmarks.Steps;

/// <summary>Causal attention of four heads over 256 positions, to compare its memory with that of longer texts.</summary>
[Model]
[Input(Length, Width)]
[SelfAttention(4, Causal = true)]
[MeanSquaredError]
public sealed partial class Attention256
{
    /// <summary>Positions of a sample.</summary>
    public const int Length = 256;

    /// <summary>Values of a position.</summary>
    public const int Width = 128;
}

/// <summary>The same over 1,024 positions.</summary>
[Model]
[Input(Length, Attention256.Width)]
[SelfAttention(4, Causal = true)]
[MeanSquaredError]
public sealed partial class Attention1024
{
    /// <summary>Positions of a sample.</summary>
    public const int Length = 1024;
}

/// <summary>The same over 4,096 positions.</summary>
[Model]
[Input(Length, Attention256.Width)]
[SelfAttention(4, Causal = true)]
[MeanSquaredError]
public sealed partial class Attention4096
{
    /// <summary>Positions of a sample.</summary>
    public const int Length = 4096;
}
