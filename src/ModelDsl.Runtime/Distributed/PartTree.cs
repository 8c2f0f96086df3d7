namespace ModelDsl.Distributed;

/// <summary>The fixed binary tree along which the vectors of a rank's parts are added: a subtree is added to its left neighbour as soon as both are complete, so there are as many buffers as the tree is deep.</summary>
internal sealed class PartTree
{
    // The numbers of parts in the subtrees that wait for their right neighbour, from left to right. Each has the buffer with its index.
    private readonly List<int> complete = [];

    /// <summary>The index of the buffer of the current part.</summary>
    public int Current => complete.Count;

    /// <summary>The index of the buffer that gets the sum when the current part ends: that of the current part is added to those before it, down to this one.</summary>
    public int Target
    {
        get
        {
            var (target, size) = (complete.Count, 1);
            for (; target > 0 && complete[target - 1] == size; size *= 2)
                target--;
            return target;
        }
    }

    /// <summary>Begins the first part of a step.</summary>
    public void Begin() => complete.Clear();

    /// <summary>Ends a part.</summary>
    public void EndPart()
    {
        var target = Target;
        var size = 1 << (complete.Count - target);
        complete.RemoveRange(target, complete.Count - target);
        complete.Add(size);
    }
}
