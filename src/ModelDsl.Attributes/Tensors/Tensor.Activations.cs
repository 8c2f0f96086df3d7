namespace ModelDsl;

/// <content>The activations, each with the name, arguments and defaults of its attribute.</content>
public sealed partial class Tensor
{
    /// <inheritdoc cref="ReluAttribute"/>
    /// <param name="name">The layer's name.</param>
    public Tensor Relu(string name = "") => None<Tensor>();

    /// <inheritdoc cref="LeakyReluAttribute"/>
    /// <param name="slope">The slope for negative values; not negative.</param>
    /// <param name="name">The layer's name.</param>
    public Tensor LeakyRelu(double slope = 0.01, string name = "") => None<Tensor>();

    /// <inheritdoc cref="EluAttribute"/>
    /// <param name="alpha">α; the function approaches −α for large negative x. Positive.</param>
    /// <param name="name">The layer's name.</param>
    public Tensor Elu(double alpha = 1, string name = "") => None<Tensor>();

    /// <inheritdoc cref="GeluAttribute"/>
    /// <param name="approximate">Whether Φ is approximated with tanh.</param>
    /// <param name="name">The layer's name.</param>
    public Tensor Gelu(bool approximate = false, string name = "") => None<Tensor>();

    /// <inheritdoc cref="SiluAttribute"/>
    /// <param name="name">The layer's name.</param>
    public Tensor Silu(string name = "") => None<Tensor>();

    /// <inheritdoc cref="SigmoidAttribute"/>
    /// <param name="name">The layer's name.</param>
    public Tensor Sigmoid(string name = "") => None<Tensor>();

    /// <inheritdoc cref="TanhAttribute"/>
    /// <param name="name">The layer's name.</param>
    public Tensor Tanh(string name = "") => None<Tensor>();

    /// <inheritdoc cref="SoftplusAttribute"/>
    /// <param name="name">The layer's name.</param>
    public Tensor Softplus(string name = "") => None<Tensor>();

    /// <inheritdoc cref="SoftmaxAttribute"/>
    /// <param name="name">The layer's name.</param>
    public Tensor Softmax(string name = "") => None<Tensor>();

    /// <inheritdoc cref="ActivationAttribute"/>
    /// <param name="function">The name of a static method with one float parameter that returns a float: <c>nameof(Swish)</c>.</param>
    /// <param name="name">The layer's name.</param>
    public Tensor Activation(string function, string name = "") => None<Tensor>();

    /// <summary>Applies a custom function to each element, like <see cref="ActivationAttribute"/>: <c>x.Activation(Swish)</c>.</summary>
    /// <param name="function">The name of a static method with one float parameter that returns a float.</param>
    /// <param name="name">The layer's name.</param>
    public Tensor Activation(Func<float, float> function, string name = "") => None<Tensor>();
}
