using ModelDsl.Generator.Common;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Tests.Oracles;

namespace ModelDsl.Generator.Tests.Layers;

/// <summary>Layers of maps and their channels: values and gradients.</summary>
public class MapLayerTests
{
    [Theory]
    [InlineData("GroupNorm", "groups", 1)]
    [InlineData("GroupNorm", "groups", 2)]
    [InlineData("GroupNorm", "groups", 6)]
    [InlineData("GlobalAveragePool")]
    [InlineData("Dropout2D", "rate", 0.4)]
    [InlineData("Dropout2D", "rate", 0.0)]
    [InlineData("UpSample2D", "factor", 1)]
    [InlineData("UpSample2D", "factor", 2)]
    [InlineData("UpSample2D", "factor", 3)]
    [InlineData("Pad", "padding", "1")]
    [InlineData("Pad", "padding", "0, 2")]
    [InlineData("Pad", "padding", "1, 0, 2, 3")]
    public void Gradients(string kind, string? argument = null, object? value = null)
    {
        if (value is string numbers) value = Numbers(numbers);
        (string, object)[] arguments = argument is null ? [] : [(argument, value!)];
        GradientCheck.Run(new SpecBuilder().Input(2, 3, 2).Dense(6).Layer(kind, arguments).Layer("Tanh").Dense(2).Layer("MeanSquaredError").Lower(), n: 2);
        GradientCheck.Run(new SpecBuilder().Input(3, 1, 2).Dense(6).Layer(kind, arguments).Layer("MeanSquaredError").Lower(), n: 1);
    }

    [Theory]
    [InlineData("GroupNorm", "groups", 3)]
    [InlineData("GroupNorm", "groups", 1)]
    public void Gradients_of_flat_vectors(string kind, string argument, object value) =>
        GradientCheck.Run(new SpecBuilder().Input(3).Dense(6).Layer(kind, (argument, value)).Layer("Tanh").Dense(2).Layer("MeanSquaredError").Lower(), n: 2);

    [Theory]
    [InlineData("GlobalAveragePool")]
    [InlineData("Dropout2D", "rate", 0.4)]
    [InlineData("GroupNorm", "groups", 3)]
    [InlineData("GroupNorm", "groups", 6)]
    [InlineData("Pad", "padding", "1")]
    [InlineData("Pad", "padding", "2, 0")]
    public void Gradients_of_sequences(string kind, string? argument = null, object? value = null)
    {
        if (value is string numbers) value = Numbers(numbers);
        (string, object)[] arguments = argument is null ? [] : [(argument, value!)];
        GradientCheck.Run(new SpecBuilder().Input(4, 2).Dense(6).Layer(kind, arguments).Layer("Tanh").Dense(2).Layer("MeanSquaredError").Lower(), n: 2);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Bilinear_gradients(int factor) => GradientCheck.Run(
        new SpecBuilder().Input(2, 3, 2).Dense(3).Layer("UpSample2D", ("factor", factor), ("interpolation", "Bilinear")).Layer("Tanh").Dense(2)
            .Layer("MeanSquaredError").Lower(),
        n: 2);

    [Fact]
    public void Whole_channels_are_dropped()
    {
        var model = new SpecBuilder().Input(2, 3, 4).Layer("Dropout2D", ("rate", 0.5)).Layer("MeanSquaredError").Lower();
        var data = new ModelData(model, 5);
        Array.Fill(data.Columns[0], 1);
        var output = data.Interpreter().Run(model.Train!, RootKind.Output);
        for (var n = 0; n < 5; n++)
        {
            for (var channel = 0; channel < 4; channel++)
            {
                var map = Enumerable.Range(0, 6).Select(position => output[(n * 24) + (position * 4) + channel]).ToArray();
                Assert.All(map, value => Assert.Equal(map[0], value));
                Assert.Contains(map[0], new double[] { 0, 2 });
            }
        }

        Assert.Equal([0, 2], output.Distinct().Order());
        Assert.DoesNotContain(model.Infer!.Nodes, node => node is RandomNode);
    }

    [Fact]
    public void Zeros_stand_where_they_were_asked_for()
    {
        var model = new SpecBuilder().Input(1, 2, 1).Layer("Pad", ("padding", Numbers("1, 0, 2, 1"))).Layer("MeanSquaredError").Lower();
        var data = new ModelData(model, 1);
        data.Columns[0] = [7, 8];
        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 7, 8, 0], data.Interpreter().Run(model.Train!, RootKind.Output));
    }

    private static EquatableArray<int> Numbers(string numbers) => new([.. numbers.Split(", ").Select(number => int.Parse(number, System.Globalization.CultureInfo.InvariantCulture))]);
}
