using ModelDsl.Generator.Loops;

namespace ModelDsl.Generator.Tests.Loops;

public class NamesTests
{
    [Theory]
    [InlineData("dense1.weight", "dense1Weight")]
    [InlineData("decoderLayer1.dense1.bias", "decoderLayer1Dense1Bias")]
    [InlineData("1st", "value1st")]
    [InlineData("", "value")]
    public void Names_of_the_model_become_identifiers(string name, string identifier) => Assert.Equal(identifier, new Names().Unique(name));

    [Fact]
    public void Taken_names_are_numbered()
    {
        var names = new Names("n");
        Assert.Equal(["loss", "loss2", "loss3", "n2"], [names.Unique("loss"), names.Unique("loss"), names.Unique("loss"), names.Unique("n")]);
    }

    [Fact]
    public void A_number_at_the_end_is_told_from_the_count()
    {
        var names = new Names();
        Assert.Equal(["relu1", "relu1_2"], [names.Unique("relu1"), names.Unique("relu1")]);
    }

    [Fact]
    public void Keywords_are_no_names() => Assert.Equal("floatValue", new Names().Unique("float"));

    [Fact]
    public void A_value_is_called_after_the_buffer_it_shares_a_name_with()
    {
        var names = new Names();
        names.Unique("loss");
        Assert.Equal("lossValue", names.UniqueValue("loss"));
    }
}
