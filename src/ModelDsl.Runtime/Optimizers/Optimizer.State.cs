using ModelDsl.Checkpoints;
using ModelDsl.Devices;
using ModelDsl.Optimizers;
using ModelDsl.Runs;

namespace ModelDsl;

/// <content><content>The state of an optimizer in checkpoints.</content></content>
public abstract partial class Optimizer
{
    /// <summary>The hyperparameters that the class adds to those of every optimizer.</summary>
    private protected virtual IEnumerable<(string Name, object Value)> OwnSettings => [];

    /// <summary>All hyperparameters except the learning rate, by name.</summary>
    internal IEnumerable<(string Name, object Value)> HyperParameters
    {
        get
        {
            IEnumerable<(string Name, object Value)> all = [(nameof(WeightDecay), WeightDecay), (nameof(ClipNorm), ClipNorm), (nameof(ClipValue), ClipValue), .. OwnSettings];
            return GradientNoise is { } noise ? [.. all, (nameof(GradientNoise), noise)] : all;
        }
    }

    /// <summary>The class and its hyperparameters, which a resumed run must have too.</summary>
    internal IEnumerable<RunSetting> Settings
    {
        get
        {
            IEnumerable<RunSetting> ofParameters = rules.IsEmpty ? [] : [RunSetting.Of($"the rates of parameters of {GetType().Name}", rules)];
            return [new("the optimizer", GetType().Name), .. ofParameters, .. HyperParameters.Select(setting => RunSetting.Of($"{setting.Name} of {GetType().Name}", setting.Value))];
        }
    }

    /// <summary>Saves the learning rate, the rates of parameters, and the numbers of updates and states for a model and its parts.</summary>
    internal void Save(Model model, CheckpointWriter writer)
    {
        writer.Write(nameof(LearningRate), LearningRate);
        rules.Save(writer.Section("rules"));
        foreach (var (part, owner) in model.Updatable)
        {
            if (!passes.TryGetValue(owner, out var pass))
                continue;
            CheckWhole(model, owner);
            var section = writer.Section(SectionOf(part));
            section.Write(nameof(pass.Updates), pass.Groups!.Updates);
            foreach (var parameter in TrainableOf(model, part))
            {
                // Parameters that were frozen have fewer updates.
                if (pass.Groups.UpdatesOf(parameter.Name) is var updates && updates != pass.Groups.Updates)
                    section.Section("updates").Write(parameter.Name, updates);
            }

            SaveMeans(owner, pass, section.Section("means"));
            foreach (var (index, state) in pass.States.Index())
            {
                var read = ReaderOf(owner, pass, state, writer.Sharded);
                foreach (var parameter in TrainableOf(model, part))
                {
                    // In the parameter's logical shape: the layouts of devices may differ.
                    section.Section($"state{index}").Write(new FloatsContent(parameter.Name, [.. parameter.Shape], values => read(parameter, values)));
                }
            }
        }

        (this as ICheckpointState)?.SaveState(writer.Section("own"));
    }

    /// <summary>Restores what <see cref="Save"/> saved.</summary>
    internal void Restore(Model model, CheckpointReader reader)
    {
        LearningRate = reader.GetDouble(nameof(LearningRate));
        rules.Restore(reader.Section("rules"));
        foreach (var (part, owner) in model.Updatable)
        {
            passes.Remove(owner);
            var section = reader.Section(SectionOf(part));
            if (!section.Contains(nameof(UpdatePass.Updates)))
                continue;
            var pass = AddPass(model, owner, part, model.OnDevice);
            var total = checked((int)section.GetInt64(nameof(pass.Updates)));
            pass.Groups!.Updates = total;
            var different = section.Section("updates");
            pass.Groups.SetUpdates(name => different.Contains(name) ? checked((int)different.GetInt64(name)) : total);
            pass.Restore(section.Section("means"));
            foreach (var (index, state) in pass.States.Index())
            {
                foreach (var parameter in TrainableOf(model, part))
                    RestoreState(parameter, section.Section($"state{index}").GetSingles(parameter.Name), pass, state);
            }
        }

        (this as ICheckpointState)?.RestoreState(reader.Section("own"));
    }

    /// <summary>Returns the state for a model; null before the first update.</summary>
    internal UpdatePass? PassOf(Model model) => passes.TryGetValue(model, out var pass) ? pass : null;

    /// <summary>Removes the state for a model, so that the optimizer begins without one.</summary>
    /// <returns>The state, for <see cref="Attach"/>; null if there is none.</returns>
    internal UpdatePass? Detach(Model model)
    {
        passes.Remove(model, out var pass);
        return pass;
    }

    /// <summary>Replaces the state for a model by one that was detached.</summary>
    internal void Attach(Model model, UpdatePass? pass)
    {
        passes.Remove(model);
        if (pass is not null)
            passes.Add(model, pass);
    }

    private static string SectionOf(string part) => part.Length == 0 ? "model" : $"part.{part}";

    private static IEnumerable<Parameter> TrainableOf(Model model, string part) =>
        model.Parameters.Where(parameter => parameter.IsTrainable && ModelPart.Contains(part, parameter.Name));
}
