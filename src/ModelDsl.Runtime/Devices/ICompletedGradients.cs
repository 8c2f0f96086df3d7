using ModelDsl.Compiled;

namespace ModelDsl.Devices;

/// <summary>Is told during a backward pass which gradients are final.</summary>
internal interface ICompletedGradients
{
    /// <summary>Called by every worker of the pass, between two of its phases. The ranges of a pass follow each other from the end of the buffer to its beginning; the last gradients may not be announced.</summary>
    /// <param name="worker">The worker.</param>
    /// <param name="from">The index of the first gradient that is final now, a multiple of 16.</param>
    /// <param name="to">The index of the first gradient that was final before.</param>
    void Complete(Worker worker, int from, int to);
}
