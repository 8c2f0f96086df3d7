using System.Runtime.InteropServices;
using ModelDsl.Devices;

namespace ModelDsl.Distributed;

/// <summary>
/// The divided states of optimizers while a checkpoint is saved: the root asks the ranks for ranges of them when it writes a parameter, so that it needs memory for one parameter, and the other ranks for none. All ranks add the
/// same states in the same order.
/// </summary>
/// <param name="group">The group.</param>
internal sealed class ShardedStates(Collective group)
{
    /// <summary>The maximum number of floats of an answer.</summary>
    private const int Chunk = 1 << 22;

    private readonly List<(DeviceBuffer State, int Start)> states = [];
    private float[] answer = [];

    /// <summary>On the root, the work that ranks are asked in.</summary>
    public RootWork? Work { get; set; }

    /// <summary>Adds a state.</summary>
    /// <param name="state">This rank's part.</param>
    /// <param name="start">The index of the parameter that its first float belongs to.</param>
    /// <returns>The number of the state.</returns>
    public int Add(DeviceBuffer state, int start)
    {
        states.Add((state, start));
        return states.Count - 1;
    }

    /// <summary>Reads floats of a state, on the root.</summary>
    /// <param name="state">The number of the state.</param>
    /// <param name="ranges">The ranges of the ranks.</param>
    /// <param name="first">The index of the parameter that the first float belongs to.</param>
    /// <param name="destination">Where the floats are written.</param>
    public void Read(int state, ShardRanges ranges, int first, Span<float> destination)
    {
        foreach (var (rank, from, to) in ranges.All)
        {
            for (var at = Math.Max(from, first); at < Math.Min(to, first + destination.Length); at += Chunk)
            {
                var part = destination.Slice(at - first, Math.Min(Chunk, Math.Min(to, first + destination.Length) - at));
                if (rank == group.Rank)
                    ReadOwn(state, at, part);
                else
                    Work!.Ask(rank, MemoryMarshal.AsBytes<int>([state, at, part.Length]), MemoryMarshal.AsBytes(part));
            }
        }
    }

    /// <summary>Answers the questions of the root until the checkpoint is written.</summary>
    public void Answer() => RankMessages.Answer(group, question =>
    {
        var asked = MemoryMarshal.Cast<byte, int>(question);
        if (answer.Length < asked[2])
            answer = new float[asked[2]];
        var values = answer.AsSpan(0, asked[2]);
        ReadOwn(asked[0], asked[1], values);
        group.Exchange(0, MemoryMarshal.AsBytes(values), [], group.Timeout);
    });

    /// <summary>Reads floats of this rank. Those between parameters belong to no state.</summary>
    private void ReadOwn(int index, int first, Span<float> destination)
    {
        var (state, start) = states[index];
        var (from, to) = (Math.Max(first, start), Math.Min(first + destination.Length, start + state.Length));
        destination.Clear();
        if (from < to)
            state.Read(from - start, destination[(from - first)..(to - first)]);
    }
}
