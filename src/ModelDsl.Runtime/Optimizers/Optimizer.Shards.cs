using System.Numerics;
using System.Runtime.CompilerServices;
using ModelDsl.Devices;
using ModelDsl.Distributed;

namespace ModelDsl;

/// <content><content>The division of the state among the ranks of a group.</content></content>
public abstract partial class Optimizer
{
    private readonly ConditionalWeakTable<object, OptimizerShard> shards = [];

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
    /// <exception cref="NotSupportedException">The optimizer or the group has no parts that can be updated alone.</exception>
    /// <exception cref="InvalidOperationException">There is a state with another division.</exception>
    internal void Divide(Model model, Collective? group)
    {
        if (group is not null && IsPerTensor)
            throw new NotSupportedException($"{GetType().Name} updates whole parameters, and its state cannot be divided: set Shard to {nameof(Sharding)}.{nameof(Sharding.None)}, or use another optimizer, such as Adam.");
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
            shards.Add(model, new OptimizerShard(group, model.Description.TrainableFloats) { IsInRun = true });
    }

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

    /// <summary>Returns the states of a pass with the parameters of all ranks, and the index of the parameter that their first float belongs to.</summary>
    private (DeviceBuffer[] States, int Start) AllStates(object owner, UpdatePass pass) => shards.TryGetValue(owner, out var shard)
        ? ([.. pass.States.Select(state => shard.Collect(state, pass.Start))], 0)
        : ([.. pass.States], pass.Start);

    private OptimizerShard? ShardOf(object owner) => shards.TryGetValue(owner, out var shard) ? shard : null;
}
