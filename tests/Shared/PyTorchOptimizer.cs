using System.Text.Json;

namespace ModelDsl.Tests.Shared;

/// <summary>Optimizers by their own names and the options of PyTorch, as test vectors have them.</summary>
internal static class PyTorchOptimizer
{
    /// <summary>Creates an optimizer. The options <c>clip_norm</c> and <c>clip_value</c> stand for what PyTorch does to gradients before a step.</summary>
    /// <exception cref="InvalidOperationException">There is no such optimizer.</exception>
    public static Optimizer Create(string name, JsonElement options)
    {
        var lr = Number("lr", double.NaN);
        var decay = Number("weight_decay", name == "AdamW" ? 1e-2 : 0);
        var (beta1, beta2) = options.TryGetProperty("betas", out var betas) ? (betas[0].GetDouble(), betas[1].GetDouble()) : (0.9, name == "Lion" ? 0.99 : 0.999);
        var (eps1, eps2) = name == "Adafactor" && options.TryGetProperty("eps", out var pair) ? (pair[0].GetDouble(), pair[1].GetDouble()) : (1.1920929e-7, 1e-3);
        Optimizer optimizer = name switch
        {
            "Sgd" => new Sgd(lr, Number("momentum", 0), Flag("nesterov"), decay, Number("dampening", 0)),
            "Adam" => new Adam(lr, beta1, beta2, Number("eps", 1e-8), decay, Flag("amsgrad")),
            "AdamW" => new AdamW(lr, beta1, beta2, Number("eps", 1e-8), decay, Flag("amsgrad")),
            "RmsProp" => new RmsProp(lr, Number("alpha", 0.99), Number("eps", 1e-8), Number("momentum", 0), Flag("centered"), decay),
            "AdaGrad" => new AdaGrad(lr, Number("lr_decay", 0), Number("initial_accumulator_value", 0), Number("eps", 1e-10), decay),
            "NAdam" => new NAdam(lr, beta1, beta2, Number("eps", 1e-8), decay, Number("momentum_decay", 4e-3)),
            "RAdam" => new RAdam(lr, beta1, beta2, Number("eps", 1e-8), decay),
            "Lion" => new Lion(lr, beta1, beta2, decay),
            "Lamb" => new Lamb(lr, beta1, beta2, Number("eps", 1e-6), decay),
            "Adafactor" => new Adafactor(lr, Number("beta2_decay", -0.8), eps1, eps2, Number("d", 1), decay),
            _ => throw new InvalidOperationException(name),
        };
        optimizer.ClipNorm = Number("clip_norm", double.PositiveInfinity);
        optimizer.ClipValue = Number("clip_value", double.PositiveInfinity);
        return optimizer;

        double Number(string key, double otherwise) => options.TryGetProperty(key, out var value) ? value.GetDouble() : otherwise;

        bool Flag(string key) => options.TryGetProperty(key, out var value) && value.GetBoolean();
    }
}
