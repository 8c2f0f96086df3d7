using ModelDsl.Runtime.Tests.Models;

namespace ModelDsl.Runtime.Tests.Training;

/// <summary>Steps between two updates share the copies of weights that their backward passes read, and steps with other weights do not.</summary>
public sealed class MicroBatchTests
{
    private static readonly Batch Samples = Batch.Of(4, [.. Enumerable.Range(0, 12).Select(static i => MathF.Sin(i))], [.. Enumerable.Range(0, 8).Select(static i => MathF.Cos(i))]);

    public static TheoryData<string> Changes => [.. ChangesByName.Keys];

    private static Dictionary<string, Action<NormedNet>> ChangesByName { get; } = new()
    {
        ["an optimizer"] = static model => new Sgd(0.5).Update(model),
        ["a parameter"] = static model => model.Parameters["dense2.weight"].CopyFrom(Waves(model.Parameters["dense2.weight"].Count)),
        ["an element"] = static model => model.Parameters["dense2.weight"][1, 2] += 1,
        ["a file"] = static model =>
        {
            var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");
            try
            {
                using (var other = new NormedNet(seed: 2))
                    other.Save(path);
                model.Load(path);
            }
            finally
            {
                File.Delete(path);
            }
        },
    };

    /// <summary>Values that are written past the model change the forward pass only: the backward pass reads the copy of the step before, although the model has states, which each step changes.</summary>
    [Fact]
    public void Steps_without_an_update_between_them_make_copies_once()
    {
        using var model = new NormedNet(seed: 1);
        Step(model, Samples);
        var weight = model.Parameters["dense2.weight"];
        var description = model.Description.Parameters.Single(static parameter => parameter.Name == "dense2.weight");
        var values = new float[description.Layout.Floats];
        model.OnDevice.Parameters.Read(description.Offset, values);
        model.OnDevice.Parameters.Write(description.Offset, Array.ConvertAll(values, static value => 2 * value));
        Assert.NotEqual(Expected(model, Samples), Step(model, Samples));

        weight[0, 0] = weight[0, 0];
        Assert.Equal(Expected(model, Samples), Step(model, Samples));
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void Gradients_are_those_of_the_present_weights(string change)
    {
        using var model = new NormedNet(seed: 1);
        var before = Step(model, Samples);
        Assert.Equal(before, Step(model, Samples));
        ChangesByName[change](model);
        Assert.Equal(Expected(model, Samples), Step(model, Samples));
        Assert.NotEqual(before, Step(model, Samples));
    }

    /// <summary>The plans of the buckets use the same memory.</summary>
    [Fact]
    public void Batches_of_different_lengths_do_not_disturb_each_other()
    {
        using var model = new BucketNet(seed: 1);
        Batch[] batches = [Tokens(5), Tokens(12), Tokens(BucketNet.Length)];
        foreach (var length in (int[])[0, 0, 1, 0, 1, 1, 2, 0, 2])
        {
            using var other = new BucketNet(seed: 1);
            Assert.Equal(Step(other, batches[length]), Step(model, batches[length]));
        }

        static Batch Tokens(int count) => Batch.Of(2, [.. Enumerable.Range(0, 2 * BucketNet.Length).Select(i => i % BucketNet.Length < count ? 1 + (i % (BucketNet.Vocabulary - 1)) : 0)], [0, 2]);
    }

    /// <summary>The plans of the losses use the same memory.</summary>
    [Fact]
    public void Steps_of_different_losses_do_not_disturb_each_other()
    {
        using var model = new NormedRivals(seed: 1);
        foreach (var isCritic in (bool[])[true, true, false, true, false, false])
        {
            using var other = new NormedRivals(seed: 1);
            Assert.Equal(Train(other, isCritic), Train(model, isCritic));
        }

        static float[] Train(NormedRivals model, bool isCritic)
        {
            var batch = Batch.Of(2, [1f, 2, 3, -1, 0, 1], [1f, 0, 3, -1, 2, 1]);
            if (isCritic)
                model.BackwardCriticLoss(batch);
            else
                model.BackwardPainterLoss(batch);
            return [.. Gradients(isCritic ? model.Critic : model.Painter)];
        }

        static IEnumerable<float> Gradients(ModelPart part) => part.Model.Gradients.Where(gradient => gradient.Name.StartsWith(part.Name + ".", StringComparison.Ordinal)).SelectMany(static gradient => gradient.ToArray());
    }

    /// <summary>The gradients of a model that has the same parameters and has run no step.</summary>
    private static float[] Expected(NormedNet model, Batch batch)
    {
        using var other = new NormedNet(seed: 3);
        foreach (var parameter in model.Parameters)
            other.Parameters[parameter.Name].CopyFrom(parameter.ToArray());
        return Step(other, batch);
    }

    private static float[] Step(Model model, Batch batch)
    {
        model.Forward(batch);
        model.Backward(batch);
        return [.. model.Gradients.SelectMany(static gradient => gradient.ToArray())];
    }

    private static float[] Waves(int count) => [.. Enumerable.Range(0, count).Select(static i => MathF.Sin(i))];
}
