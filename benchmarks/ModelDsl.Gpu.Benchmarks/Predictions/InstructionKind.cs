namespace ModelDsl.Benchmarks.Gpu.Predictions;

/// <summary>What an instruction of a kernel uses.</summary>
internal enum InstructionKind
{
    /// <summary>A product and a sum of floats, which CUDA's assembler contracts into one instruction.</summary>
    FusedMultiplyAdd,

    /// <summary>A product that is contracted with the sum that follows: no instruction of its own.</summary>
    Contracted,

    /// <summary>Other arithmetic of floats.</summary>
    Float,

    /// <summary>A division, a square root or an exponential of floats.</summary>
    Function,

    /// <summary>A product of small matrices by a warp, on tensor cores.</summary>
    MatrixProduct,

    /// <summary>Arithmetic of integers and conversions.</summary>
    Integer,

    /// <summary>A remainder or a division of integers, which GPUs compute with several instructions.</summary>
    Remainder,

    /// <summary>Comparisons, selections and arithmetic of predicates.</summary>
    Comparison,

    /// <summary>Copies between registers and reads of arguments, most of which the assembler removes.</summary>
    Move,

    /// <summary>A load from the memory of the device.</summary>
    GlobalLoad,

    /// <summary>A store to the memory of the device.</summary>
    GlobalStore,

    /// <summary>A load from or a store to shared memory.</summary>
    Shared,

    /// <summary>Branches and barriers.</summary>
    Control,
}
