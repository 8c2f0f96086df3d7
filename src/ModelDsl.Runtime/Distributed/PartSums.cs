namespace ModelDsl.Distributed;

/// <summary>
/// Adds the vectors of a rank's parts along a fixed binary tree, in as few buffers as the tree is deep: a subtree is added to its left neighbour as soon as both are complete.
/// </summary>
/// <param name="length">The number of floats of a vector.</param>
internal sealed class PartSums(int length)
{
    private readonly List<float[]> buffers = [];

    // The numbers of parts in the subtrees that wait for their right neighbour, from left to right.
    private readonly List<int> complete = [];

    /// <summary>The vector of the current part.</summary>
    public Span<float> Current => buffers[complete.Count];

    /// <summary>The sum of all parts, when the last one has ended.</summary>
    public Span<float> Total => buffers[0];

    /// <summary>Begins the first part of a step.</summary>
    public void Begin() => complete.Clear();

    /// <summary>Begins a part. Its vector has values of an earlier one.</summary>
    public void BeginPart()
    {
        if (buffers.Count == complete.Count)
            buffers.Add(new float[length]);
    }

    /// <summary>Ends a part, and adds the subtrees that are now complete.</summary>
    public void EndPart()
    {
        complete.Add(1);
        while (complete is [.., var left, var right] && left == right)
        {
            FloatSpans.Add(buffers[complete.Count - 2], buffers[complete.Count - 1]);
            complete.RemoveAt(complete.Count - 1);
            complete[^1] = left + right;
        }
    }
}
