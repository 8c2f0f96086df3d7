using ModelDsl.Optimizers;

namespace ModelDsl;

/// <content><content>Learning rates of single parameters.</content></content>
public abstract partial class Optimizer
{
    private readonly ParameterRules rules = new();

    /// <summary>
    /// Multiplies the learning rate of parameters by a factor, such as 0.1 for layers that are already trained. The factor replaces that of an earlier call for the same parameter. It applies to
    /// all models of the optimizer from the next update on.
    /// </summary>
    /// <param name="pattern">
    /// The name of a parameter, such as <c>dense1.weight</c>; the part of names before a dot, such as <c>dense1</c>; or a pattern with <c>*</c> for any characters, such as <c>encoder*</c>.
    /// If no trainable parameter matches, the next update or <see cref="Trainer.Fit"/> throws an <see cref="InvalidOperationException"/>.
    /// </param>
    /// <param name="factor">The factor, from 0 to 1,000.</param>
    /// <exception cref="ArgumentException">The pattern is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The factor is out of range.</exception>
    public void Scale(string pattern, double factor)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        rules.Scale(pattern, ArgumentCheck.Within(factor, 0, GreatestRate, nameof(factor)));
    }

    /// <summary>
    /// Freezes parameters from the next update on: they keep their values, without weight decay, and so do their states of the optimizer. Their gradients are still computed, and are not part of
    /// the norm that <see cref="ClipNorm"/> limits. A layer with <c>Frozen = true</c> also saves the time of its gradients, but stays frozen.
    /// </summary>
    /// <param name="pattern">The parameters, as in <see cref="Scale"/>.</param>
    /// <exception cref="ArgumentException">The pattern is empty.</exception>
    public void Freeze(string pattern)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        rules.Freeze(pattern, isFrozen: true);
    }

    /// <summary>Trains parameters again that <see cref="Freeze"/> has frozen. They continue with the states of the optimizer that they had.</summary>
    /// <param name="pattern">The parameters, as in <see cref="Scale"/>; <c>*</c> for all.</param>
    /// <exception cref="ArgumentException">The pattern is empty.</exception>
    public void Unfreeze(string pattern)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        rules.Freeze(pattern, isFrozen: false);
    }

    /// <summary>Returns a copy of the rules for parameters.</summary>
    internal ParameterRules CopyRules()
    {
        var copy = new ParameterRules();
        copy.Set(rules);
        return copy;
    }

    /// <summary>Replaces the rules for parameters.</summary>
    /// <param name="other">The new rules, which are copied.</param>
    internal void SetRules(ParameterRules other) => rules.Set(other);

    /// <summary>Checks that the patterns of <see cref="Scale"/>, <see cref="Freeze"/> and <see cref="Unfreeze"/> match parameters of a model.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="InvalidOperationException">A pattern matches no trainable parameter.</exception>
    internal void CheckPatterns(Model model) => rules.Check(model);
}
