namespace ModelDsl.Devices.Cpu;

/// <summary>
/// Which copies of parameters the arena of training steps has. Each pass of a plan makes its copies, unless the plan has run before, no other plan has run since, and parameters have not changed: then they are those of
/// another micro-batch.
/// </summary>
internal sealed class TrainingCopies
{
    private int plan;
    private bool ofForward;
    private bool ofBackward;

    /// <summary>Makes the copies invalid. Called before parameters change.</summary>
    public void Invalidate() => (ofForward, ofBackward) = (false, false);

    /// <summary>Begins the forward pass of a plan, and returns whether its copies are there.</summary>
    /// <param name="plan">The index of the plan.</param>
    public bool BeginForward(int plan)
    {
        if (this.plan != plan)
            Invalidate();
        this.plan = plan;
        return ofForward;
    }

    /// <summary>Ends a forward pass.</summary>
    public void EndForward() => ofForward = true;

    /// <summary>Begins the backward pass of the same plan, and returns whether its copies are there.</summary>
    public bool BeginBackward() => ofBackward;

    /// <summary>Ends a backward pass.</summary>
    public void EndBackward() => ofBackward = true;
}
