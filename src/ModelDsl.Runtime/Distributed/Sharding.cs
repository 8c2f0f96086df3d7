namespace ModelDsl;

/// <summary>What the ranks of a group divide among them, to need less memory.</summary>
public enum Sharding
{
    /// <summary>Nothing: each rank has everything.</summary>
    None,

    /// <summary>
    /// The state of the optimizer (ZeRO, stage 1): each rank updates a part of the parameters, keeps the state of this part, and sends the parameters to the others. Results have the same bits. With <see cref="Lamb"/> and
    /// <see cref="Adafactor"/>, a rank has whole parameters, so that a large one makes the parts unequal.
    /// </summary>
    Optimizer,
}
