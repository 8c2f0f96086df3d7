using System.Numerics;
using System.Runtime.CompilerServices;
using ModelDsl.Devices;
using ModelDsl.Distributed;

namespace ModelDsl;

/// <content><content>The division of the state among the ranks of a group.</content></content>
public abstract partial class Optimizer
{
    private readonly ConditionalWeakTable<object, OptimizerShard> shards = [];

    /// <summary>Reads the elements of a parameter, in row-major order of its logical shape, from a state.</summary>
    private delegate void StateReader(Parameter parameter, Span<float> values);

    /// <summary>Returns the number of bytes of the state for a model in this process; 0 before the first update. In a group with <see cref="Sharding.Optimizer"/>, it is that of this rank's part.</summary>
    /// <param name="model">The model.</param>
    public long StateBytes(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return passes.TryGetValue(model, out var pass) ? pass.States.Sum(static state => (long)sizeof(float) * state.Length) : 0;
    }

    /// <summary>Divides the state for a model among the ranks of a group.</summary>
    /// <param name="model">The model.</param>
    /// <param name="group">The group; null if this process has the whole state.</param>
    /// <exception cref="NotSupportedException">The number of ranks is not a power of two.</exception>
    /// <exception cref="InvalidOperationException">There is a state with another division.</exception>
    internal void Divide(Model model, Collective? group)
    {
        if (group is not null && !BitOperations.IsPow2(group.Count))
            throw new NotSupportedException($"The state of an optimizer is divided among 2, 4, 8 … ranks, and the group has {group.Count}.");
        var before = shards.TryGetValue(model, out var shard) ? shard.Group : null;
        if (ReferenceEquals(before, group))
        {
            shard?.IsInRun = true;
            return;
        }

        if (passes.TryGetValue(model, out _))
            throw new InvalidOperationException($"The state of {GetType().Name} for {model.Description.Name} is {(before is null ? "not " : "")}divided among ranks: train with the same Shard and group as before, or create another optimizer.");
        shards.Remove(model);
        if (group is not null)
            shards.Add(model, new OptimizerShard(group, Ranges(model, group)) { IsInRun = true });
    }

    /// <summary>After an update of a divided state, collects the parameters that each rank has updated.</summary>
    /// <param name="model">The model.</param>
    internal void CollectParameters(Model model) => ShardOf(model)?.CollectParameters(model);

    private ShardRanges Ranges(Model model, Collective group) =>
        IsPerTensor ? ShardRanges.OfParameters(group, model.Description) : ShardRanges.Even(group, model.Description.TrainableFloats);

    /// <summary>Called at the end of a run: if the state is divided, nobody sends the parameters that this rank would update to the others.</summary>
    /// <param name="model">The model.</param>
    internal void EndUpdates(Model model) => ShardOf(model)?.IsInRun = false;

    /// <summary>Checks that this process has the whole state, or that <see cref="Trainer.Fit"/> runs, which collects its parts.</summary>
    /// <exception cref="InvalidOperationException">The state is divided, and Fit does not run.</exception>
    private void CheckWhole(Model model, object owner)
    {
        if (ShardOf(owner) is { IsInRun: false })
        {
            throw new InvalidOperationException(
                $"The state of {GetType().Name} for {model.Description.Name} is divided among ranks, and this one has only its part: use the optimizer in Fit, create another one for a loop of your own, or train with Shard = {nameof(Sharding)}.{nameof(Sharding.None)}.");
        }
    }

    /// <summary>Saves what a pass keeps apart from its states. If it is divided, the root collects it.</summary>
    private void SaveMeans(object owner, UpdatePass pass, CheckpointWriter writer)
    {
        if (ShardOf(owner) is not { Group.Count: > 1 } shard)
        {
            pass.Save(writer);
            return;
        }

        var all = shard.Group.Gather(CollectiveCall.State, Distributed.StateBytes.Of(pass.Save));
        foreach (var (rank, _, _) in shard.Ranges.All)
        {
            if (all[rank].Length > 0)
                Distributed.StateBytes.CopyTo(all[rank], writer);
        }
    }

    /// <summary>Returns what reads a parameter from a state of a pass. If the state is divided, the root collects the parameter from the ranks while it writes.</summary>
    private StateReader ReaderOf(object owner, UpdatePass pass, DeviceBuffer state, ShardedStates? sharded)
    {
        if (ShardOf(owner) is not { Group.Count: > 1 } shard)
            return (parameter, values) => parameter.ReadAll(state, parameter.Description.Offset - pass.Start, values);
        var number = sharded!.Add(state, pass.Start);
        return (parameter, values) =>
        {
            var part = new HostBuffer(parameter.Description.Layout.Floats);
            sharded.Read(number, shard.Ranges, parameter.Description.Offset, part.Span);
            parameter.ReadAll(part, 0, values);
        };
    }

    /// <summary>Restores a parameter of a state. A rank of a group keeps its own part.</summary>
    private static void RestoreState(Parameter parameter, float[] values, UpdatePass pass, DeviceBuffer state)
    {
        var (start, end) = (parameter.Description.Offset, parameter.Description.Offset + parameter.Description.Layout.Floats);
        var (from, to) = (Math.Max(start, pass.Start), Math.Min(end, pass.Start + state.Length));
        if ((from, to) == (start, end))
        {
            parameter.WriteAll(values, state, start - pass.Start);
        }
        else if (from < to)
        {
            var whole = new HostBuffer(end - start);
            parameter.WriteAll(values, whole, 0);
            state.Write(from - pass.Start, whole.Span[(from - start)..(to - start)]);
        }
    }

    private OptimizerShard? ShardOf(object owner) => shards.TryGetValue(owner, out var shard) ? shard : null;
}
