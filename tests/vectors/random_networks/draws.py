"""What the drawing of lists and of Forward methods has in common."""
from torch_layers import layer


class Deck:
    """Draws without replacement, over and over: after so many draws everything has been drawn."""

    def __init__(self, random, cards):
        self.random, self.cards, self.left = random, cards, []

    def draw(self):
        if not self.left:
            self.left = list(self.cards)
            self.random.shuffle(self.left)
        return self.left.pop()


class Draws:
    """The random choices of a whole set of networks."""

    def __init__(self, random):
        self.random = random
        self.activations = Deck(random, [
            layer("Relu"), layer("LeakyRelu"), layer("LeakyRelu", slope=0.2), layer("Elu"), layer("Elu", alpha=0.5), layer("Gelu"), layer("Gelu", approximate=True),
            layer("Silu"), layer("Sigmoid"), layer("Tanh"), layer("Softplus"), layer("Softmax"), layer("Relu"), layer("Tanh"), layer("Activation", function="Swish"),
            layer("Activation", function="Softsign"), layer("Activation", function="Snake"),
        ])
        self.losses = Deck(random, [
            layer("SoftmaxCrossEntropy"), layer("SoftmaxCrossEntropy", labelSmoothing=0.1), layer("SoftmaxCrossEntropy", softTargets=True),
            layer("SoftmaxCrossEntropy", softTargets=True, labelSmoothing=0.2), layer("SoftmaxCrossEntropy", ignore=1), layer("BinaryCrossEntropy"),
            layer("BinaryCrossEntropy", labelSmoothing=0.1), layer("MeanSquaredError"), layer("MeanAbsoluteError"), layer("Huber"), layer("Huber", delta=0.3),
            layer("Loss", function="Cauchy"),
        ])
        self.optimizers = Deck(random, [
            ("Sgd", {"lr": 0.2}),
            ("Sgd", {"lr": 0.1, "momentum": 0.9}),
            ("Sgd", {"lr": 0.1, "momentum": 0.8, "nesterov": True, "weight_decay": 0.02}),
            ("Sgd", {"lr": 0.1, "momentum": 0.9, "dampening": 0.3, "weight_decay": 0.05, "clip_norm": 0.5}),
            ("Adam", {"lr": 0.02, "eps": 1e-3}),
            ("Adam", {"lr": 0.02, "betas": [0.8, 0.95], "eps": 1e-4, "weight_decay": 0.1, "clip_norm": 0.3}),
            ("Adam", {"lr": 0.02, "betas": [0.7, 0.8], "eps": 1e-3, "amsgrad": True}),
            ("AdamW", {"lr": 0.02, "eps": 1e-3, "weight_decay": 0.2}),
            ("AdamW", {"lr": 0.01}),
            ("AdamW", {"lr": 0.03, "betas": [0.85, 0.99], "eps": 1e-4, "weight_decay": 0.1, "amsgrad": True, "clip_value": 0.05}),
            ("RmsProp", {"lr": 0.01, "eps": 1e-3}),
            ("RmsProp", {"lr": 0.01, "alpha": 0.9, "eps": 1e-3, "momentum": 0.7, "weight_decay": 0.03}),
            ("RmsProp", {"lr": 0.01, "alpha": 0.8, "centered": True, "eps": 1e-2, "clip_norm": 1.0}),
            ("AdaGrad", {"lr": 0.05, "eps": 1e-4}),
            ("AdaGrad", {"lr": 0.1, "lr_decay": 0.1, "initial_accumulator_value": 0.3, "weight_decay": 0.02, "eps": 1e-6, "clip_norm": 0.4}),
        ])

        self.normalisations = Deck(random, ["BatchNorm", "LayerNorm", "RmsNorm", "BatchNorm", "GroupNorm"])
        self.image_steps = Deck(random, ["convolution", "convolution", "convolution", "pool", "pool", "composition", "Pad", "Dropout2D"])
        self.map_steps = Deck(random, ["ConvTranspose2D", "UpSample2D", "ConvTranspose2D", "Conv2D"])
        self.pools = Deck(random, ["MaxPool", "AveragePool", "MaxPool"])
        self.compositions = Deck(random, ["Residual", "Repeat", "Parallel", "Parallel", "Apply"])
        self.merges = Deck(random, ["Add", "Concat"])
        self.interpolations = Deck(random, [{}, {"interpolation": "Bilinear"}])

    def chance(self, one_in):
        return self.random.randrange(one_in) == 0

    def pick(self, values):
        return self.random.choice(list(values))

    def divisors(self, number):
        return [group for group in range(1, number + 1) if number % group == 0]

    def normalisation(self, shape, kinds=("LayerNorm", "RmsNorm", "BatchNorm", "GroupNorm")):
        """One that fits; of few values only with an ε that keeps their distance from being blown up."""
        kind, width = self.normalisations.draw(), shape[-1]
        if kind not in kinds:
            return self.normalisation(shape, kinds)
        if kind == "GroupNorm":
            groups = self.pick([groups for groups in self.divisors(width) if groups < width] or [1])
            return layer(kind, groups=groups, epsilon=0.1)
        if kind == "BatchNorm":
            return layer(kind, epsilon=0.1, **self.some(momentum=0.3, useBias=False, frozen=True))
        return layer(kind, epsilon=0.1, **self.some(useScale=False))

    def some(self, **arguments):
        """Each argument in one of five cases; a network whose layers are as they come is the rule."""
        return {name: value for name, value in arguments.items() if self.chance(5)}

    def dense(self, units, **more):
        return layer("Dense", units=units, **more, **({"weightDecay": 0.3} if self.chance(12) else {"frozen": True} if self.chance(16) else {}))
