"""Random networks as lists of layers: stacks of dense layers, images, sequences and tokens, with blocks in them."""
import torch

from torch_layers import layer

from . import source
from .network import DrawnNetwork

MOST_ELEMENTS = 400


class ListDraw:
    """Draws a list, keeping the shape of a sample in view by running each layer as it is drawn."""

    def __init__(self, name, draws):
        self.name, self.draws, self.random = name, draws, draws.random
        self.blocks, self.layers, self.shape = {}, [], None
        self.padding = None

    def draw(self, theme):
        """The input, the layers, the loss."""
        getattr(self, theme)()
        loss = self.draws.losses.draw()
        if theme == "vectors" and loss["kind"] in ("MeanSquaredError", "MeanAbsoluteError", "Huber", "Loss") and self.draws.chance(2):
            loss = layer(loss["kind"], **loss["arguments"], target="Input")
        self.output(loss)
        return loss

    def shape_after(self, layers, shape):
        """None where the layers do not fit."""
        network = DrawnNetwork(self.blocks, 0)
        with torch.no_grad():
            try:
                after = list(network.run(layers, torch.zeros(2, *shape)).shape[1:])
            except (RuntimeError, ValueError):
                return None
        return after if 0 < torch.Size(after).numel() <= MOST_ELEMENTS else None

    def add(self, spec):
        """Adds a layer unless it does not fit; says whether it does."""
        after = self.shape_after([spec], self.shape)
        if after is None:
            return False
        self.layers.append(spec)
        self.shape = after
        return True

    def activate(self):
        spec = self.draws.activations.draw()
        if spec["kind"] != "Softmax" or self.shape[-1] > 2:
            self.add(spec)

    def start(self, *shape):
        self.input, self.shape, self.column = layer("Input", shape=list(shape)), list(shape), ("numbers", 0)

    # Themes.

    def vectors(self):
        self.start(self.random.randint(3, 19))
        for _ in range(self.random.randint(1, 3)):
            self.add(self.draws.dense(self.random.randint(3, 21), **self.draws.some(useBias=False)))
            if self.draws.chance(2):
                self.add(self.draws.normalisation(self.shape, ("LayerNorm", "RmsNorm", "BatchNorm")))
            self.activate()
            if self.draws.chance(3):
                self.composition()
        if self.draws.chance(4):
            self.add(layer("Dropout", rate=0.0))

    def images(self):
        self.start(self.random.randint(4, 8), self.random.randint(4, 8), self.random.randint(1, 4))
        for _ in range(self.random.randint(2, 4)):
            self.image_step()
        self.add(layer(self.draws.pick(["GlobalAveragePool", "Flatten"])))

    def maps(self):
        """An image that comes out as an image."""
        self.start(self.random.randint(3, 5), self.random.randint(3, 5), self.random.randint(2, 3))
        self.convolution("Conv2D")
        self.activate()
        for _ in range(2):
            step = self.draws.map_steps.draw()
            if step == "UpSample2D":
                self.add(layer(step, factor=2, **self.draws.interpolations.draw()))
            elif step == "ConvTranspose2D":
                self.transposed()
            else:
                self.convolution(step)
            if self.draws.chance(2):
                self.activate()
        if self.draws.chance(2):
            self.add(layer("GroupNorm", groups=1, epsilon=0.1))

    def sequences(self):
        self.start(self.random.randint(5, 10), self.random.randint(2, 6))
        for _ in range(self.random.randint(1, 3)):
            self.sequence_step()
        self.add(layer(self.draws.pick(["GlobalAveragePool", "Flatten"])))

    def tokens(self):
        length, vocabulary, width = self.random.randint(3, 7), self.random.randint(4, 15), self.random.randint(3, 9)
        self.padding = 0 if self.draws.chance(3) else None
        padding = {} if self.padding is None else {"padding": self.padding}
        self.input, self.column = layer("TokenInput", length=length, vocabulary=vocabulary, **padding), ("ids", vocabulary)
        self.layers.append(layer("Embedding", width=width))
        self.shape = [length, width]
        if self.draws.chance(2):
            self.add(layer("PositionalEmbedding"))
        if self.draws.chance(2):
            self.add(self.draws.normalisation(self.shape, ("LayerNorm", "RmsNorm")))
        if self.draws.chance(2):
            self.composition()
        if self.padding is not None:
            self.add(layer("GlobalAveragePool"))
            return
        if self.draws.chance(2):
            self.sequence_step()
        if self.draws.chance(3):
            return                      # a loss per position
        self.add(layer(self.draws.pick(["GlobalAveragePool", "GlobalAveragePool", "Flatten"])))

    # Steps.

    def image_step(self):
        step = self.draws.image_steps.draw()
        if step == "convolution":
            self.convolution("Conv2D")
            if self.draws.chance(2):
                self.add(self.draws.normalisation(self.shape))
            self.activate()
        elif step == "pool":
            self.pool("2D")
        elif step == "composition":
            self.composition()
        elif step == "Pad":
            self.add(layer(step, padding=[self.random.randrange(3) for _ in range(4)]))
        else:
            self.add(layer(step, rate=0.0))

    def sequence_step(self):
        if self.draws.chance(4):
            self.pool("1D")
        elif self.draws.chance(6):
            self.add(layer("Pad", padding=[self.random.randrange(3) for _ in range(2)]))
        else:
            self.convolution("Conv1D")
            if self.draws.chance(3):
                self.add(self.draws.normalisation(self.shape))
        self.activate()

    def window(self, largest_padding):
        """A stride, and one of the three ways to say a padding."""
        way = self.random.randrange(3)
        padding = {"padding": "Same"} if way == 0 else {"paddingSize": self.random.randint(0, largest_padding)} if way == 1 else {}
        return {**({"stride": self.random.randint(1, 3)} if self.draws.chance(2) else {}), **padding}

    def convolution(self, kind):
        for _ in range(10):
            channels, kernel = self.shape[-1], self.random.randint(1, 4)
            groups = self.draws.pick(self.draws.divisors(channels)) if self.draws.chance(2) else 1
            filters = groups * self.random.randint(1, max(1, 8 // groups))
            more = {**self.window(2), **self.draws.some(dilation=2, useBias=False, weightDecay=0.2)}
            if groups > 1:
                more["groups"] = groups
            if kind == "Conv2D" and self.draws.chance(4):
                more["kernelWidth"] = self.random.randint(1, 3)
            if self.add(layer(kind, filters=filters, kernel=kernel, **more)):
                return

    def transposed(self):
        for _ in range(10):
            kernel, stride = self.random.randint(1, 4), self.random.randint(1, 2)
            more = self.draws.pick([{}, {"paddingSize": 1}, {"padding": "Same"}])
            more = {**more, **self.draws.some(dilation=2, useBias=False)}
            if stride > 1 and self.draws.chance(3):
                more["outputPadding"] = 1
            if self.add(layer("ConvTranspose2D", filters=self.random.randint(1, 5), kernel=kernel, stride=stride, **more)):
                return

    def pool(self, rank):
        for _ in range(10):
            size = self.random.randint(2, 3)
            if self.add(layer(self.draws.pools.draw() + rank, window=size, **self.window(size // 2))):
                return

    # Blocks.

    def composition(self):
        kind = self.draws.compositions.draw()
        if kind == "Apply":
            self.add(layer(kind, self.block(None)))
        elif kind == "Parallel":
            merge = self.draws.merges.draw()
            keys = [self.block(self.shape[-1] if merge == "Add" else self.random.randint(2, 6)) for _ in range(2)]
            self.add(layer(kind, *keys, merge=merge))
        elif kind == "Repeat":
            self.add(layer(kind, self.block(self.shape[-1]), count=2))
        else:
            self.add(layer(kind, self.block(self.shape[-1])))

    def block(self, width):
        """A block that keeps positions and gives the width, or any width."""
        width = width or self.random.randint(3, 9)
        kind = {3: "Conv2D", 2: self.draws.pick(["Dense", "Conv1D"] if self.padding is None else ["Dense"]), 1: "Dense"}[len(self.shape)]
        layers = []
        if self.draws.chance(2) and self.shape[-1] > 2:
            layers.append(self.draws.normalisation(self.shape, ("LayerNorm", "RmsNorm")))
        if kind == "Dense":
            layers.append(layer("Dense", units=width))
        else:
            layers.append(layer(kind, filters=width, kernel=self.random.randint(1, 3), padding="Same"))
        spec = self.draws.activations.draw()
        layers += [spec] if spec["kind"] != "Softmax" else []
        key = "Part" + chr(ord("A") + len(self.blocks))
        self.blocks[key] = layers
        return key

    # The end.

    def output(self, loss):
        """A last layer that fits the loss; what is left of the axes of positions is part of the output."""
        width = self.input["arguments"]["shape"][0] if "target" in loss["arguments"] else self.random.randint(2, 6)
        if len(self.shape) == 3:
            self.add(layer("Conv2D", filters=width, kernel=1))
        else:
            self.add(layer("Dense", units=width))

    def source(self, loss):
        specs = [self.input, *self.layers, loss]
        members = [source.block(key, layers) for key, layers in self.blocks.items()]
        every = [*specs, *(spec for layers in self.blocks.values() for spec in layers)]
        return source.model(self.name, [source.attribute(spec) for spec in specs], [*members, *source.functions(every)])

    def program(self):
        """The outputs as a function of a scope and the columns."""
        vocabulary = self.input["arguments"].get("vocabulary")

        def run(scope, columns):
            scope.network.counts = None if self.padding is None else columns[0] != self.padding
            return {"output": scope.run(self.layers, columns[0], vocabulary)}
        return run
