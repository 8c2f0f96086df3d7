using ModelDsl.Ilgpu.Tests.Support;

namespace ModelDsl.Ilgpu.Tests.Devices;

/// <summary>Sessions, which devices with groups of threads do not have.</summary>
[Collection(SharedDevice.Name)]
public class SessionTests(SharedDevice shared)
{
    [Fact]
    public void A_session_is_refused_and_says_what_to_do()
    {
        using var model = new Bigrams(seed: 1, shared.Device);
        var message = Assert.Throws<NotSupportedException>(() => model.CreateSession()).Message;
        Assert.Contains("Sessions run on CPUs only", message, StringComparison.Ordinal);
        Assert.Contains("device: Device.Cpu", message, StringComparison.Ordinal);
        Assert.Equal(20, model.PredictLogits([1, 2, 3, 4]).Length);
    }
}

/// <summary>A model that generates.</summary>
[Model, Generates, TokenInput(4, 5), Embedding(3), Dense(5), SoftmaxCrossEntropy]
public partial class Bigrams;
