namespace ModelDsl.Runtime.Tests.Data;

/// <summary>The record that each model has for a sample of its data.</summary>
public sealed class ExampleTests
{
    [Fact]
    public void A_model_with_one_input_has_an_example_with_its_label()
    {
        ThreeKinds.Example[] examples = [new(Input: [1, 2], Label: 0), new([3, 4], 2), new([5, 6], 1)];
        var data = Dataset.FromSamples(examples, ThreeKinds.Example.Layout);
        var batch = Assert.Single(data.Batches(3));
        using var model = new ThreeKinds(seed: 1);

        Assert.Equal([1f, 2, 3, 4, 5, 6], batch.Floats(0).ToArray());
        Assert.Equal([0, 2, 1], batch.Ints(1).ToArray());
        Assert.Equal(3, new Trainer(new Sgd(0.1)).Evaluate(model, data).Samples);
    }

    [Fact]
    public void Targets_are_numbers_or_arrays_and_a_model_that_gives_back_its_input_has_none()
    {
        Assert.Equal((typeof(float[]), typeof(float)), Types(typeof(OneNumber.Example)));
        Assert.Equal((typeof(float[]), typeof(float[])), Types(typeof(TwoNumbers.Example)));
        Assert.Equal((typeof(int[]), typeof(int)), Types(typeof(Words.Example)));
        Assert.Equal((typeof(float[]), null), Types(typeof(Itself.Example)));

        static (Type?, Type?) Types(Type example)
        {
            var columns = Assert.Single(example.GetConstructors()).GetParameters();
            return (columns[0].ParameterType, columns.Length == 1 ? null : columns[1].ParameterType);
        }
    }

    [Fact]
    public void A_class_keeps_an_example_of_its_own()
    {
        Assert.Equal("mine", WithExample.Example());
        using var model = new Example(seed: 1);
        Assert.Empty(typeof(Example).GetNestedTypes());
    }
}

[Model, Input(2), Dense(3), SoftmaxCrossEntropy]
internal sealed partial class ThreeKinds;

[Model, Input(2), Dense(1), MeanSquaredError]
internal sealed partial class OneNumber;

[Model, Input(2), Dense(2), MeanSquaredError]
internal sealed partial class TwoNumbers;

[Model, TokenInput(4, 9, Padding = CharacterTokenizer.Padding), Embedding(3), GlobalAveragePool, Dense(2), SoftmaxCrossEntropy]
internal sealed partial class Words;

[Model, Input(2), Dense(2), MeanSquaredError(Target = Target.Input)]
internal sealed partial class Itself;

[Model, Input(2), Dense(2), MeanSquaredError]
internal sealed partial class WithExample
{
    public static string Example() => "mine";
}

[Model, Input(2), Dense(2), MeanSquaredError]
internal sealed partial class Example;
